// A filter in AssemblyScript: cookies of the request become headers, and the response is answered to from a table.

@external("env", "proxy_log")
declare function proxy_log(level: u32, text: usize, length: u32): u32;
@external("env", "proxy_get_header_map_value")
declare function proxy_get_header_map_value(map: u32, name: usize, nameLength: u32, value: usize, length: usize): u32;
@external("env", "proxy_add_header_map_value")
declare function proxy_add_header_map_value(map: u32, name: usize, nameLength: u32, value: usize, length: u32): u32;
@external("env", "proxy_send_local_response")
declare function proxy_send_local_response(status: u32, details: usize, detailsLength: u32, body: usize, bodyLength: u32, headers: usize, headersLength: u32, grpcStatus: i32): u32;

const REQUEST_HEADERS: u32 = 0;
const INFO: u32 = 2;

const result = memory.data(8);
const seen = new Map<string, i32>();

export function malloc(size: usize): usize {
  return heap.alloc(size);
}

export function proxy_abi_version_0_2_1(): void {}
export function proxy_on_context_create(context: u32, root: u32): void {}

function note(text: string): void {
  const bytes = String.UTF8.encode(text);
  proxy_log(INFO, changetype<usize>(bytes), bytes.byteLength);
}

function header(name: string): string {
  const bytes = String.UTF8.encode(name);
  const status = proxy_get_header_map_value(REQUEST_HEADERS, changetype<usize>(bytes), bytes.byteLength, result, result + 4);
  if (status != 0) return "";
  const at = load<usize>(result);
  const value = String.UTF8.decodeUnsafe(at, load<u32>(result, 4));
  heap.free(at);
  return value;
}

function addHeader(name: string, value: string): void {
  const n = String.UTF8.encode(name);
  const v = String.UTF8.encode(value);
  proxy_add_header_map_value(REQUEST_HEADERS, changetype<usize>(n), n.byteLength, changetype<usize>(v), v.byteLength);
}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): u32 {
  const cookies = header("cookie").split("; ");
  for (let at = 0; at < cookies.length; at++) {
    const parts = cookies[at].split("=");
    if (parts.length == 2) addHeader("x-cookie-" + parts[0], parts[1]);
  }
  const path = header(":path");
  const times = (seen.has(path) ? seen.get(path) : 0) + 1;
  seen.set(path, times);
  note("seen " + path + " " + times.toString() + " times");
  if (times > 2) {
    const body = String.UTF8.encode("seen too often\n");
    proxy_send_local_response(410, 0, 0, changetype<usize>(body), body.byteLength, 0, 0, -1);
    return 1;
  }
  return 0;
}
