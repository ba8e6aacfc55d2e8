// What proxy_wasm.h has for filters, over the functions that Envoy 1.40 has for dynamic modules: the same filters become
// modules of Envoy's own, with nothing between them and Envoy. That is the least that any host of filters could cost.
//
// Envoy's types and names are those of its `source/extensions/dynamic_modules/abi/abi.h`. There is one worker, and one
// filter in each module.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define EXPORT(name)
#define CALLBACK(name) uint32_t name

enum { REQUEST_HEADERS = 0, RESPONSE_HEADERS = 2, RESPONSE_BODY = 1 };

typedef struct {
  const char *bytes;
  size_t length;
} Buffer;

typedef struct {
  Buffer name, value;
} Header;

typedef void *Stream;

#define ENVOY(name) envoy_dynamic_module_callback_##name

bool ENVOY(http_get_header)(Stream, uint32_t map, Buffer name, Buffer *value, size_t index, size_t *count);
size_t ENVOY(http_get_headers_size)(Stream, uint32_t map);
bool ENVOY(http_get_headers)(Stream, uint32_t map, Header *);
bool ENVOY(http_add_header)(Stream, uint32_t map, Buffer name, Buffer value);
bool ENVOY(http_set_header)(Stream, uint32_t map, Buffer name, Buffer value);
void ENVOY(http_clear_route_cache)(Stream);
size_t ENVOY(http_get_body_size)(Stream, uint32_t body);
size_t ENVOY(http_get_body_chunks_size)(Stream, uint32_t body);
bool ENVOY(http_get_body_chunks)(Stream, uint32_t body, Buffer *);
bool ENVOY(http_filter_get_attribute_string)(Stream, uint32_t attribute, Buffer *);

enum { RECEIVED_RESPONSE_BODY = 2, REQUEST_PROTOCOL = 10, SOURCE_ADDRESS = 24 };

// The stream whose callback runs, and whether it is to be routed anew.
static Stream stream;
static bool changed;

static size_t used;

static Buffer buffer(const char *bytes, size_t length) { return (Buffer){bytes, length}; }

static inline uint32_t proxy_get_header_map_value(uint32_t map, const char *name, size_t length, char **value,
                                                  size_t *size) {
  Buffer found;
  if (!ENVOY(http_get_header)(stream, map, buffer(name, length), &found, 0, NULL)) return 1;
  *value = (char *)found.bytes;
  *size = found.length;
  return 0;
}

static inline uint32_t proxy_get_header_map_pairs(uint32_t map, char **pairs, size_t *size) {
  static Header headers[64];
  static char text[1 << 14];
  size_t count = ENVOY(http_get_headers_size)(stream, map), at = 0;
  if (count > 64 || !ENVOY(http_get_headers)(stream, map, headers)) return 1;
  for (Header *header = headers; header < headers + count; header++) {
    if (at + header->name.length + header->value.length > sizeof text) return 1;
    memcpy(text + at, header->name.bytes, header->name.length);
    at += header->name.length;
    memcpy(text + at, header->value.bytes, header->value.length);
    at += header->value.length;
  }
  *pairs = text;
  *size = at;
  return 0;
}

static inline uint32_t proxy_add_header_map_value(uint32_t map, const char *name, size_t length, const char *value,
                                                  size_t size) {
  changed |= map == REQUEST_HEADERS;
  return !ENVOY(http_add_header)(stream, map, buffer(name, length), buffer(value, size));
}

static inline uint32_t proxy_replace_header_map_value(uint32_t map, const char *name, size_t length,
                                                      const char *value, size_t size) {
  changed |= map == REQUEST_HEADERS;
  return !ENVOY(http_set_header)(stream, map, buffer(name, length), buffer(value, size));
}

static inline uint32_t proxy_remove_header_map_value(uint32_t map, const char *name, size_t length) {
  return proxy_replace_header_map_value(map, name, length, NULL, 0);
}

static inline uint32_t proxy_get_property(const char *path, size_t length, char **value, size_t *size) {
  Buffer found = buffer("measured", 8);
  bool is_own = strcmp(path, "plugin_root_id") == 0;
  uint32_t attribute = strcmp(path, "source") == 0 ? SOURCE_ADDRESS : REQUEST_PROTOCOL;
  if (!is_own && !ENVOY(http_filter_get_attribute_string)(stream, attribute, &found)) return 1;
  *value = (char *)found.bytes;
  *size = found.length;
  return 0;
}

static inline uint32_t proxy_get_buffer_bytes(uint32_t which, size_t start, size_t length, uint8_t **bytes,
                                              size_t *size) {
  static Buffer chunks[64];
  static uint8_t text[1 << 16];
  size_t count = ENVOY(http_get_body_chunks_size)(stream, RECEIVED_RESPONSE_BODY), at = 0;
  if (count > 64 || !ENVOY(http_get_body_chunks)(stream, RECEIVED_RESPONSE_BODY, chunks)) return 1;
  for (Buffer *chunk = chunks; chunk < chunks + count; chunk++) {
    if (at + chunk->length > sizeof text) return 1;
    memcpy(text + at, chunk->bytes, chunk->length);
    at += chunk->length;
  }
  *bytes = text;
  *size = at;
  return 0;
}

static inline uint32_t proxy_get_current_time_nanoseconds(uint64_t *time) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  *time = now.tv_sec * 1000000000ull + now.tv_nsec;
  return 0;
}

// Those that the filter has.
#define MAY_HAVE __attribute__((weak, visibility("hidden")))
MAY_HAVE uint32_t proxy_on_request_headers(uint32_t context, uint32_t count, uint32_t end);
MAY_HAVE uint32_t proxy_on_response_headers(uint32_t context, uint32_t count, uint32_t end);
MAY_HAVE uint32_t proxy_on_response_body(uint32_t context, uint32_t size, uint32_t end);

#define HOOK(name) __attribute__((visibility("default"))) envoy_dynamic_module_on_##name

const char *HOOK(program_init)(void) { return "v0.2.0"; }

const void *HOOK(http_filter_config_new)(void *config, Buffer name, Buffer text) { return &stream; }

void HOOK(http_filter_config_destroy)(const void *config) {}

const void *HOOK(http_filter_new)(const void *config, Stream of) { return of; }

void HOOK(http_filter_destroy)(const void *filter) {}

static uint32_t context(Stream of) { return (uintptr_t)of >> 4; }

uint32_t HOOK(http_filter_request_headers)(Stream of, const void *filter, bool end) {
  if (!proxy_on_request_headers) return 0;
  stream = of;
  changed = false;
  uint32_t status =
      proxy_on_request_headers(context(of), ENVOY(http_get_headers_size)(of, REQUEST_HEADERS), end);
  if (changed) ENVOY(http_clear_route_cache)(of);
  return status;
}

uint32_t HOOK(http_filter_request_body)(Stream of, const void *filter, bool end) { return 0; }

uint32_t HOOK(http_filter_request_trailers)(Stream of, const void *filter) { return 0; }

uint32_t HOOK(http_filter_response_headers)(Stream of, const void *filter, bool end) {
  if (!proxy_on_response_headers) return 0;
  stream = of;
  return proxy_on_response_headers(context(of), ENVOY(http_get_headers_size)(of, RESPONSE_HEADERS), end);
}

uint32_t HOOK(http_filter_response_body)(Stream of, const void *filter, bool end) {
  if (!proxy_on_response_body) return 0;
  stream = of;
  return proxy_on_response_body(context(of), ENVOY(http_get_body_size)(of, RECEIVED_RESPONSE_BODY), end);
}

uint32_t HOOK(http_filter_response_trailers)(Stream of, const void *filter) { return 0; }

void HOOK(http_filter_stream_complete)(Stream of, const void *filter) {}

// What Envoy wants to find, and never calls for these filters.
#define NEVER(name) \
  void HOOK(name)(void) {}
NEVER(http_filter_http_callout_done)
NEVER(http_filter_http_stream_headers)
NEVER(http_filter_http_stream_data)
NEVER(http_filter_http_stream_trailers)
NEVER(http_filter_http_stream_complete)
NEVER(http_filter_http_stream_reset)
NEVER(http_filter_scheduled)
NEVER(http_filter_downstream_above_write_buffer_high_watermark)
NEVER(http_filter_downstream_below_write_buffer_low_watermark)
