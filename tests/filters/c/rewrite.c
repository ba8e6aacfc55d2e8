// A filter in C without a C library, for ABI 0.2.0: puts a line before and after the request's body, and a checksum of
// the response's body into its trailers.
#include <stddef.h>
#include <stdint.h>

#define HOSTCALL(name) __attribute__((import_module("env"), import_name(#name))) extern
#define CALLBACK(name) __attribute__((export_name(#name)))

enum { REQUEST_HEADERS = 0, RESPONSE_HEADERS = 2, RESPONSE_TRAILERS = 3, REQUEST_BODY = 0, RESPONSE_BODY = 1, INFO = 2 };

HOSTCALL(proxy_log) uint32_t proxy_log(uint32_t level, const char *text, size_t length);
HOSTCALL(proxy_get_buffer_bytes)
uint32_t proxy_get_buffer_bytes(uint32_t buffer, size_t start, size_t length, uint8_t **bytes, size_t *size);
HOSTCALL(proxy_set_buffer_bytes)
uint32_t proxy_set_buffer_bytes(uint32_t buffer, size_t start, size_t length, const char *bytes, size_t size);
HOSTCALL(proxy_add_header_map_value)
uint32_t proxy_add_header_map_value(uint32_t map, const char *name, size_t name_length, const char *value, size_t length);
HOSTCALL(proxy_remove_header_map_value)
uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, size_t length);

static uint8_t heap[1 << 20];
static size_t used;
static uint32_t checksum;

CALLBACK(malloc) void *allocate(size_t size) {
  void *at = heap + used;
  used += (size + 15) & ~(size_t)15;
  return used > sizeof heap ? NULL : at;
}

static size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

static void note(const char *text, uint32_t number) {
  char line[64];
  size_t length = 0;
  while (*text) line[length++] = *text++;
  char digits[10];
  int count = 0;
  do digits[count++] = '0' + number % 10; while (number /= 10);
  while (count) line[length++] = digits[--count];
  proxy_log(INFO, line, length);
}

CALLBACK(proxy_abi_version_0_2_0) void abi_version(void) {}
CALLBACK(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t root) {}

CALLBACK(proxy_on_request_headers) uint32_t on_request_headers(uint32_t context, uint32_t count, uint32_t end) {
  used = 0;
  checksum = 0;
  note("request headers: ", count);
  proxy_remove_header_map_value(REQUEST_HEADERS, "content-length", length_of("content-length"));
  return 0;
}

CALLBACK(proxy_on_request_body) uint32_t on_request_body(uint32_t context, uint32_t size, uint32_t end) {
  note("request body: ", size);
  if (!end) return 1;
  const char before[] = "BEGIN\n", after[] = "\nEND";
  note("prepend: ", proxy_set_buffer_bytes(REQUEST_BODY, 0, 0, before, sizeof before - 1));
  note("append: ", proxy_set_buffer_bytes(REQUEST_BODY, size + sizeof before - 1, 0, after, sizeof after - 1));
  return 0;
}

CALLBACK(proxy_on_response_body) uint32_t on_response_body(uint32_t context, uint32_t size, uint32_t end) {
  uint8_t *bytes;
  size_t length;
  if (proxy_get_buffer_bytes(RESPONSE_BODY, 0, size, &bytes, &length) == 0)
    for (size_t at = 0; at < length; at++) checksum = checksum * 31 + bytes[at];
  return 0;
}

CALLBACK(proxy_on_response_trailers) uint32_t on_response_trailers(uint32_t context, uint32_t count) {
  char hex[8];
  for (int at = 0; at < 8; at++) hex[at] = "0123456789abcdef"[checksum >> (28 - 4 * at) & 15];
  proxy_add_header_map_value(RESPONSE_TRAILERS, "x-checksum", length_of("x-checksum"), hex, sizeof hex);
  return 0;
}

CALLBACK(proxy_on_log) void on_log(uint32_t context) { note("log: ", checksum); }
