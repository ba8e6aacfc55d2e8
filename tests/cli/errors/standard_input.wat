;; RUN[1]: ahead compile - -o a.so
;; RUN[1]: ahead inspect -
(module)
