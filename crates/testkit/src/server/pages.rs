//! Project pages as PEP 691 JSON and PEP 503 HTML.

use serde_json::{Map, Value, json};

use super::Upload;

/// A page of PEP 691 with the keys of PEP 700 and PEP 740; `top` overrides keys.
pub(super) fn json(
    project: &str,
    uploads: &[&Upload],
    base: &str,
    top: &Map<String, Value>,
) -> Vec<u8> {
    let files: Vec<Value> = uploads.iter().map(|it| json_file(it, base)).collect();
    // PEP 740 came with version 1.3.
    let announces = uploads.iter().any(|it| provenance(it, base).is_some());
    let mut page = json!({
        "meta": {"api-version": if announces { "1.3" } else { "1.1" }},
        "name": project,
        "files": files,
    });
    for (key, value) in top {
        page[key] = value.clone();
    }
    page.to_string().into_bytes()
}

fn json_file(upload: &Upload, base: &str) -> Value {
    let hashes: Map<String, Value> = upload
        .hashes
        .iter()
        .map(|(name, hex)| (name.clone(), json!(hex)))
        .collect();
    let mut file = json!({
        "filename": upload.file_name,
        "url": href(upload, base),
        "hashes": hashes,
        "yanked": upload.yanked.as_ref().map_or(json!(false), |it| json!(it)),
    });
    let mut set = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            file[key] = value;
        }
    };
    set("size", upload.size.map(|it| json!(it)));
    set(
        "requires-python",
        upload.requires_python.as_ref().map(|it| json!(it)),
    );
    set(
        "upload-time",
        upload.upload_time.as_ref().map(|it| json!(it)),
    );
    let hash = upload
        .sidecar_hash
        .as_deref()
        .and_then(|it| it.split_once('='));
    let sidecar = upload.sidecar.as_ref().map(|_| match hash {
        Some((name, hex)) => json!({ name: hex }),
        None => json!(true),
    });
    set("core-metadata", sidecar);
    set("gpg-sig", upload.gpg_sig.map(Value::from));
    set("provenance", provenance(upload, base).map(Value::from));
    file
}

/// A page of PEP 503; the first hash becomes the fragment.
pub(super) fn html(project: &str, uploads: &[&Upload], base: &str, head: &str) -> Vec<u8> {
    let mut page = format!(
        "<!DOCTYPE html>\n<html><head><title>Links for {project}</title>{head}</head>\n<body>\n"
    );
    for upload in uploads {
        let mut target = href(upload, base);
        if let Some((name, hex)) = upload.hashes.first() {
            target.push_str(&format!("#{name}={hex}"));
        }
        let mut attributes = format!("href=\"{}\"", escape(&target));
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                attributes.push_str(&format!(" {name}=\"{}\"", escape(value)));
            }
        };
        add("data-requires-python", upload.requires_python.as_deref());
        add("data-yanked", upload.yanked.as_deref());
        if upload.sidecar.is_some() {
            add(
                "data-core-metadata",
                upload.sidecar_hash.as_deref().or(Some("true")),
            );
        }
        let gpg_sig = upload.gpg_sig.map(|it| it.to_string());
        add("data-gpg-sig", gpg_sig.as_deref());
        add("data-provenance", provenance(upload, base).as_deref());
        page.push_str(&format!(
            "<a {attributes}>{}</a><br>\n",
            escape(&upload.file_name)
        ));
    }
    page.push_str("</body></html>\n");
    page.into_bytes()
}

fn href(upload: &Upload, base: &str) -> String {
    match &upload.href {
        Some(href) => href.replace("HOST", base),
        None => format!("{base}/files/{}", in_url(&upload.file_name)),
    }
}

/// Where a page says that the provenance lies.
fn provenance(upload: &Upload, base: &str) -> Option<String> {
    let is_announced = upload.announces && upload.provenance.is_some();
    is_announced.then(|| format!("{base}/provenance/{}", in_url(&upload.file_name)))
}

fn in_url(file_name: &str) -> String {
    file_name.replace('+', "%2B")
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}
