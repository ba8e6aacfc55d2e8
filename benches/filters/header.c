// The least that a filter does: adds one header.
#include "proxy_wasm.h"

CALLBACK(proxy_on_request_headers)(uint32_t context, uint32_t count, uint32_t end) {
  proxy_add_header_map_value(REQUEST_HEADERS, TEXT("x-filter"), TEXT("was here"));
  return 0;
}
