use assay_index::page::{Format, PageContext, parse};
use assay_types::{ProjectName, Url, listing::Origin};
use std::time::Instant;
fn main() {
    let mut files = Vec::new();
    for v in 0..100 { for py in ["cp39","cp310","cp311","cp312","cp313"] { for plat in ["manylinux_2_17_x86_64.manylinux2014_x86_64","manylinux_2_17_aarch64.manylinux2014_aarch64","win_amd64","win32","macosx_11_0_arm64","macosx_10_9_x86_64","musllinux_1_2_x86_64","musllinux_1_2_aarch64"] {
        let name = format!("demo-1.{v}.0-{py}-{py}-{plat}.whl");
        files.push(serde_json::json!({"core-metadata":{"sha256":"ab".repeat(32)},"data-dist-info-metadata":{"sha256":"ab".repeat(32)},"filename":name,"hashes":{"sha256":"cd".repeat(32)},"provenance":serde_json::Value::Null,"requires-python":">=3.9","size":1234567,"upload-time":"2024-05-05T12:34:56.123456Z","url":format!("https://files.example.com/packages/4e/75/ff4f8d2b4ab0f3a6d25f7e63e5e1b1e8c4d8b0e0b8a5f4a6f0e/{name}"),"yanked":false}));
    }}}
    let n = files.len();
    let body = serde_json::json!({"meta":{"api-version":"1.4"},"name":"demo","files":files,"versions":["1.0"]}).to_string();
    let url: Url = "https://index.example/simple/demo/".parse().unwrap();
    let origin = Origin::Index(std::sync::Arc::new(url.clone()));
    let project: ProjectName = "demo".parse().unwrap();
    let context = PageContext { url: &url, origin: &origin, project: &project, own_page: true };
    let mut best = f64::MAX;
    for _ in 0..60 {
        let t = Instant::now();
        let l = parse(Format::Json, body.as_bytes(), context).unwrap();
        best = best.min(t.elapsed().as_secs_f64());
        assert!(l.files.len() == n);
    }
    println!("{n} files {} bytes: {:.2} us/file", body.len(), best*1e6/n as f64);
}
