// As much of Proxy-Wasm 0.2.1 as the filters beside this need, without a C library; for other machines than Wasm see
// envoy.h.
#pragma once

// Text and its length.
#define TEXT(text) text, sizeof text - 1

#ifndef __wasm__
#include "envoy.h"
#else

#include <stddef.h>
#include <stdint.h>

#define HOSTCALL(name) __attribute__((import_module("env"), import_name(#name))) extern uint32_t name
#define EXPORT(name) __attribute__((export_name(#name)))
#define CALLBACK(name) EXPORT(name) uint32_t name

enum { REQUEST_HEADERS = 0, RESPONSE_HEADERS = 2, RESPONSE_BODY = 1 };

HOSTCALL(proxy_get_header_map_value)(uint32_t map, const char *name, size_t length, char **value, size_t *size);
HOSTCALL(proxy_get_header_map_pairs)(uint32_t map, char **pairs, size_t *size);
HOSTCALL(proxy_add_header_map_value)
(uint32_t map, const char *name, size_t length, const char *value, size_t size);
HOSTCALL(proxy_replace_header_map_value)
(uint32_t map, const char *name, size_t length, const char *value, size_t size);
HOSTCALL(proxy_remove_header_map_value)(uint32_t map, const char *name, size_t length);
HOSTCALL(proxy_get_property)(const char *path, size_t length, char **value, size_t *size);
HOSTCALL(proxy_get_buffer_bytes)(uint32_t buffer, size_t start, size_t length, uint8_t **bytes, size_t *size);
HOSTCALL(proxy_get_current_time_nanoseconds)(uint64_t *time);

static uint8_t heap[1 << 16];
static size_t used;

// What the host is given lasts for a request.
EXPORT(malloc) void *allocate(size_t size) {
  void *at = heap + used;
  used += (size + 15) & ~(size_t)15;
  if (used > sizeof heap) __builtin_trap();
  return at;
}

EXPORT(proxy_abi_version_0_2_1) void abi_version(void) {}
EXPORT(proxy_on_context_create) void on_context_create(uint32_t context, uint32_t root) {}

#endif
