// A filter in Go with nothing but its standard library: a regular expression rewrites the path, JSON configures it.
package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"unsafe"
)

//go:wasmimport env proxy_log
func proxyLog(level uint32, text unsafe.Pointer, length uint32) uint32

//go:wasmimport env proxy_get_buffer_bytes
func proxyGetBufferBytes(buffer, start, length uint32, bytes, size unsafe.Pointer) uint32

//go:wasmimport env proxy_get_header_map_value
func proxyGetHeaderMapValue(kind uint32, name unsafe.Pointer, nameLength uint32, value, length unsafe.Pointer) uint32

//go:wasmimport env proxy_replace_header_map_value
func proxyReplaceHeaderMapValue(kind uint32, name unsafe.Pointer, nameLength uint32, value unsafe.Pointer, length uint32) uint32

const (
	requestHeaders      = 0
	responseHeaders     = 2
	pluginConfiguration = 7
	info                = 2
)

// What the host has allocated and not yet been taken; else the collector would have it.
var allocated = map[uint32][]byte{}

//go:wasmexport proxy_on_memory_allocate
func onMemoryAllocate(size uint32) uint32 {
	bytes := make([]byte, size+1)
	at := uint32(uintptr(unsafe.Pointer(&bytes[0])))
	allocated[at] = bytes
	return at
}

func taken(at, size uint32) string {
	bytes := allocated[at]
	delete(allocated, at)
	return string(bytes[:size])
}

func pointer(text string) unsafe.Pointer {
	return unsafe.Pointer(unsafe.StringData(text))
}

func note(format string, arguments ...any) {
	text := fmt.Sprintf(format, arguments...)
	proxyLog(info, pointer(text), uint32(len(text)))
}

func header(kind uint32, name string) (string, bool) {
	var at, size uint32
	status := proxyGetHeaderMapValue(kind, pointer(name), uint32(len(name)), unsafe.Pointer(&at), unsafe.Pointer(&size))
	if status != 0 {
		return "", false
	}
	return taken(at, size), true
}

func setHeader(kind uint32, name, value string) {
	proxyReplaceHeaderMapValue(kind, pointer(name), uint32(len(name)), pointer(value), uint32(len(value)))
}

type rule struct {
	Match   string `json:"match"`
	Replace string `json:"replace"`
	pattern *regexp.Regexp
}

var rules []rule

//go:wasmexport proxy_abi_version_0_2_1
func abiVersion() {}

//go:wasmexport proxy_on_context_create
func onContextCreate(context, root uint32) {}

//go:wasmexport proxy_on_configure
func onConfigure(root, size uint32) uint32 {
	var at, length uint32
	if proxyGetBufferBytes(pluginConfiguration, 0, size, unsafe.Pointer(&at), unsafe.Pointer(&length)) != 0 {
		return 0
	}
	if err := json.Unmarshal([]byte(taken(at, length)), &rules); err != nil {
		note("%v", err)
		return 0
	}
	for i := range rules {
		rules[i].pattern = regexp.MustCompile(rules[i].Match)
	}
	note("%d rules", len(rules))
	return 1
}

//go:wasmexport proxy_on_request_headers
func onRequestHeaders(context, count, end uint32) uint32 {
	path, _ := header(requestHeaders, ":path")
	for _, rule := range rules {
		path = rule.pattern.ReplaceAllString(path, rule.Replace)
	}
	note("path %s", path)
	setHeader(requestHeaders, ":path", path)
	return 0
}

//go:wasmexport proxy_on_response_headers
func onResponseHeaders(context, count, end uint32) uint32 {
	fmt.Println("to standard output")
	if _, found := header(responseHeaders, "x-none"); !found {
		setHeader(responseHeaders, "x-filter", "go")
	}
	return 0
}

func main() {}
