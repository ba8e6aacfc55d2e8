//! Writes the few messages that filters get as properties: `Struct`, `Metadata`, `Node`.
//!
//! Only the wire format's writing side; field numbers are those of `google/protobuf/struct.proto` and
//! `envoy/config/core/v3/base.proto`.

use crate::sys::MetadataValue;
use serde_json::Value;

fn varint(mut number: u64, into: &mut Vec<u8>) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

fn bytes(field: u32, value: &[u8], into: &mut Vec<u8>) {
    varint(u64::from(field << 3 | 2), into);
    varint(value.len() as u64, into);
    into.extend_from_slice(value);
}

fn double(field: u32, value: f64, into: &mut Vec<u8>) {
    varint(u64::from(field << 3 | 1), into);
    into.extend_from_slice(&value.to_le_bytes());
}

fn truth(field: u32, value: bool, into: &mut Vec<u8>) {
    varint(u64::from(field << 3), into);
    into.push(u8::from(value));
}

/// An entry of a map from strings to messages.
fn entry(field: u32, key: &[u8], value: &[u8], into: &mut Vec<u8>) {
    let mut pair = Vec::new();
    bytes(1, key, &mut pair);
    bytes(2, value, &mut pair);
    bytes(field, &pair, into);
}

/// `google.protobuf.Value` of what modules see of metadata.
fn metadata_value(value: &MetadataValue) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        MetadataValue::Number(number) => double(2, *number, &mut out),
        MetadataValue::String(text) => bytes(3, text, &mut out),
        MetadataValue::Bool(value) => truth(4, *value, &mut out),
        MetadataValue::List(items) => {
            let mut list = Vec::new();
            for item in items {
                bytes(1, &metadata_value(item), &mut list);
            }
            bytes(6, &list, &mut out);
        }
    }
    out
}

/// `google.protobuf.Struct` of names and values.
pub fn metadata_struct(fields: &[(Vec<u8>, MetadataValue)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in fields {
        entry(1, name, &metadata_value(value), &mut out);
    }
    out
}

/// `envoy.config.core.v3.Metadata` of namespaces and their encoded structs.
pub fn metadata(namespaces: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in namespaces {
        entry(1, name, value, &mut out);
    }
    out
}

/// `google.protobuf.Value` of JSON.
fn json_value(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Value::Null => out.extend_from_slice(&[1 << 3, 0]),
        Value::Number(number) => double(2, number.as_f64().unwrap_or(f64::NAN), &mut out),
        Value::String(text) => bytes(3, text.as_bytes(), &mut out),
        Value::Bool(value) => truth(4, *value, &mut out),
        Value::Object(_) => bytes(5, &json_struct(value), &mut out),
        Value::Array(items) => {
            let mut list = Vec::new();
            for item in items {
                bytes(1, &json_value(item), &mut list);
            }
            bytes(6, &list, &mut out);
        }
    }
    out
}

/// `google.protobuf.Struct` of a JSON object.
pub fn json_struct(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        entry(1, name.as_bytes(), &json_value(value), &mut out);
    }
    out
}

/// `envoy.config.core.v3.Metadata` of JSON: `{"filter_metadata": {NAMESPACE: {...}}}`.
pub fn json_metadata(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, fields) in value["filter_metadata"].as_object().into_iter().flatten() {
        entry(1, name.as_bytes(), &json_struct(fields), &mut out);
    }
    out
}

/// `envoy.config.core.v3.Node` of JSON: `id`, `cluster`, `metadata`, `locality`.
pub fn json_node(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (field, name) in [(1, "id"), (2, "cluster")] {
        if let Some(text) = value[name].as_str() {
            bytes(field, text.as_bytes(), &mut out);
        }
    }
    if value["metadata"].is_object() {
        bytes(3, &json_struct(&value["metadata"]), &mut out);
    }
    if value["locality"].is_object() {
        let mut locality = Vec::new();
        for (field, name) in [(1, "region"), (2, "zone"), (3, "sub_zone")] {
            if let Some(text) = value["locality"][name].as_str() {
                bytes(field, text.as_bytes(), &mut locality);
            }
        }
        bytes(4, &locality, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_is_what_envoy_writes() {
        // What Envoy hands out for `filter_metadata: {cns: {k: v}}`.
        let expected = b"\x0a\x13\x0a\x03cns\x12\x0c\x0a\x0a\x0a\x01k\x12\x05\x1a\x03vvv";
        let fields = metadata_struct(&[(b"k".to_vec(), MetadataValue::String(b"vvv".to_vec()))]);
        assert_eq!(metadata(&[(b"cns".to_vec(), fields)]), expected);
        let json = json!({"filter_metadata": {"cns": {"k": "vvv"}}});
        assert_eq!(json_metadata(&json), expected);
    }

    #[test]
    fn values_have_their_own_fields() {
        assert_eq!(json_value(&json!(null)), [8, 0]);
        assert_eq!(json_value(&json!(true)), [0x20, 1]);
        assert_eq!(json_value(&json!(1)), [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
        assert_eq!(json_value(&json!(["a"])), b"\x32\x05\x0a\x03\x1a\x01a");
        let node = json!({"id": "n", "locality": {"zone": "z"}});
        assert_eq!(json_node(&node), b"\x0a\x01n\x22\x03\x12\x01z");
    }
}
