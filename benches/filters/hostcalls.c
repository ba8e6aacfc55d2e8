// What a filter for authorization or telemetry asks for: 27 hostcalls for each request, most of them on headers.
#include "proxy_wasm.h"

static uint32_t sum;

static void header(uint32_t map, const char *name, size_t length) {
  char *value;
  size_t size;
  if (proxy_get_header_map_value(map, name, length, &value, &size) == 0 && size) sum += (uint8_t)value[0];
}

static void property(const char *path, size_t length) {
  char *value;
  size_t size;
  if (proxy_get_property(path, length, &value, &size) == 0 && size) sum += (uint8_t)value[0];
}

CALLBACK(proxy_on_request_headers)(uint32_t context, uint32_t count, uint32_t end) {
  used = 0;
  char *pairs;
  size_t size;
  if (proxy_get_header_map_pairs(REQUEST_HEADERS, &pairs, &size) == 0) sum += size;
  header(REQUEST_HEADERS, TEXT(":path"));
  header(REQUEST_HEADERS, TEXT(":method"));
  header(REQUEST_HEADERS, TEXT(":authority"));
  header(REQUEST_HEADERS, TEXT("user-agent"));
  header(REQUEST_HEADERS, TEXT("authorization"));
  header(REQUEST_HEADERS, TEXT("x-request-id"));
  header(REQUEST_HEADERS, TEXT("x-forwarded-for"));
  header(REQUEST_HEADERS, TEXT("cookie"));
  property(TEXT("source\0address"));
  property(TEXT("request\0protocol"));
  property(TEXT("plugin_root_id"));
  uint64_t time;
  proxy_get_current_time_nanoseconds(&time);
  sum += time;
  proxy_add_header_map_value(REQUEST_HEADERS, TEXT("x-user"), TEXT("somebody"));
  proxy_add_header_map_value(REQUEST_HEADERS, TEXT("x-group"), TEXT("everybody"));
  proxy_add_header_map_value(REQUEST_HEADERS, TEXT("x-scope"), TEXT("read write"));
  proxy_replace_header_map_value(REQUEST_HEADERS, TEXT("x-user"), TEXT("somebody else"));
  proxy_replace_header_map_value(REQUEST_HEADERS, TEXT("x-trace"), TEXT("4bf92f3577b34da6a3ce929d0e0e4736"));
  proxy_remove_header_map_value(REQUEST_HEADERS, TEXT("authorization"));
  proxy_remove_header_map_value(REQUEST_HEADERS, TEXT("x-group"));
  return 0;
}

CALLBACK(proxy_on_response_headers)(uint32_t context, uint32_t count, uint32_t end) {
  header(RESPONSE_HEADERS, TEXT(":status"));
  header(RESPONSE_HEADERS, TEXT("content-type"));
  header(RESPONSE_HEADERS, TEXT("content-length"));
  proxy_add_header_map_value(RESPONSE_HEADERS, TEXT("x-served-by"), TEXT("filter"));
  proxy_replace_header_map_value(RESPONSE_HEADERS, TEXT("x-served-by"), TEXT("a filter"));
  proxy_remove_header_map_value(RESPONSE_HEADERS, TEXT("x-internal"));
  uint64_t time;
  proxy_get_current_time_nanoseconds(&time);
  sum += time;
  return 0;
}
