/* Runs the SQL on standard input against the database that the first argument names, and prints each row's columns
 * with `|` between them. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static int row(void *none, int count, char **values, char **names) {
    (void)none;
    (void)names;
    for (int i = 0; i < count; i++)
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
    puts("");
    return 0;
}

int main(int argc, char **argv) {
    static char sql[1 << 20];
    sqlite3 *database;
    char *error = NULL;
    size_t size = fread(sql, 1, sizeof sql - 1, stdin);
    sql[size] = 0;
    if (argc < 2 || sqlite3_open(argv[1], &database) != SQLITE_OK) {
        fprintf(stderr, "cannot open the database: %s\n", argc < 2 ? "none is named" : sqlite3_errmsg(database));
        return 1;
    }
    if (sqlite3_exec(database, sql, row, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    return sqlite3_close(database) == SQLITE_OK ? 0 : 1;
}
