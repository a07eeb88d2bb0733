//! One page about an environment. It fetches nothing and runs nothing: it has no script, and its
//! policy allows this stylesheet alone.

mod layers;
mod marks;
mod markup;

use assay_trust::sha256;
use assay_types::{ProjectName, Timestamp};

use super::{
    explained::{Explained, UNVOUCHED},
    kind::Kind,
};
use layers::{Layer, layers};
use marks::{UNVOUCHED_CLASS, UNVOUCHED_SHAPE, class, class_of, shape, shape_of};
use markup::Html;

const STYLE: &str = include_str!("style.css");
/// How many names a card has room for.
const FEW: usize = 3;

/// The page.
pub fn page(all: &[Explained], folder: &str, now: Timestamp) -> String {
    let mut html = Html::default();
    html.own("<!doctype html>\n<html lang=\"en\">\n");
    html.within("head", &[], |html| head(folder, html));
    html.own("<body>\n");
    html.within("header", &[("id", "top")], |html| {
        summary(all, folder, now, html)
    });
    html.own("<main>\n");
    attention(all, &mut html);
    html.within("section", &[("class", "graph")], |html| {
        html.element("h2", &[], "Who needs whom");
        for layer in layers(all) {
            self::layer(&layer, all, html);
        }
    });
    html.within("section", &[("class", "details")], |html| {
        html.element("h2", &[], "What speaks for each");
        all.iter().for_each(|it| details(it, html));
    });
    html.own("</main>\n</body>\n</html>\n");
    html.to_string()
}

fn head(folder: &str, html: &mut Html) {
    html.open("meta", &[("charset", "utf-8")]);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        style_digest()
    );
    let policy = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", &*policy),
    ];
    html.open("meta", &policy);
    html.open("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    let viewport = "width=device-width, initial-scale=1";
    html.open("meta", &[("name", "viewport"), ("content", viewport)]);
    html.open(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    html.element("title", &[], &format!("What speaks for {folder}"));
    html.within("style", &[], |html| html.own(STYLE));
}

/// SHA-256 of the stylesheet in base64, as content security policies write it.
fn style_digest() -> String {
    let digest = sha256(STYLE.as_bytes());
    // RECORD has the alphabet for URLs, without padding: 32 bytes need one sign of it.
    digest.to_record().replace('-', "+").replace('_', "/") + "="
}

fn summary(all: &[Explained], folder: &str, now: Timestamp, html: &mut Html) {
    html.element("h1", &[], "What speaks for each package");
    html.within("p", &[], |html| {
        html.element("code", &[], folder);
        html.text(&format!(
            ", {} packages, looked at on {} by assay {}.",
            all.len(),
            now.strftime("%Y-%m-%d %H:%M UTC"),
            env!("CARGO_PKG_VERSION")
        ));
    });
    html.within("ul", &[("class", "kinds")], |html| {
        for kind in Kind::ALL {
            let count = all.iter().filter(|it| it.kind == kind).count();
            if count > 0 {
                html.within("li", &[("class", class_of(kind))], |html| {
                    sign(shape_of(kind), html);
                    html.element("b", &[], &count.to_string());
                    html.text(&format!(" {}", kind.words()));
                });
            }
        }
        let unvouched = all.iter().filter(|it| it.is_unvouched()).count();
        if unvouched > 0 {
            html.within("li", &[("class", UNVOUCHED_CLASS)], |html| {
                sign(UNVOUCHED_SHAPE, html);
                html.element("b", &[], &unvouched.to_string());
                html.text(&format!(" of these {UNVOUCHED}"));
            });
        }
    });
    html.element("p", &[("class", "note")], NOTE);
}

const NOTE: &str = "Told by the receipts that assay wrote when it installed. No file was compared for \
    this page and no signature verified again: assay verify compares the files. “Not vouched for” means \
    that nothing outside of the environment knows the receipt, so whoever changed the package could \
    have changed it as well.";

/// What somebody should look at, before everything else. Where most are strange, as in an environment
/// that pip made, strangeness says nothing.
fn attention(all: &[Explained], html: &mut Html) {
    let strange = all.iter().filter(|it| it.is_strange()).count();
    let are_few = strange * 2 <= all.len();
    let is_odd = |it: &&Explained| it.is_grave() || are_few && it.is_strange();
    let odd: Vec<_> = all.iter().filter(is_odd).collect();
    if odd.is_empty() {
        return;
    }
    html.within("section", &[], |html| {
        let title = format!("To look at first ({})", odd.len());
        html.element("h2", &[], &title);
        cards(odd.into_iter(), html);
    });
}

fn layer(layer: &Layer, all: &[Explained], html: &mut Html) {
    let title = format!("{} ({})", layer.title, layer.members.len());
    html.element("h3", &[], &title);
    cards(layer.members.iter().map(|at| &all[*at]), html);
}

fn cards<'a>(some: impl Iterator<Item = &'a Explained>, html: &mut Html) {
    html.within("ul", &[("class", "cards")], |html| {
        for one in some {
            html.within("li", &[("class", class(one))], |html| card(one, html));
        }
    });
}

fn card(one: &Explained, html: &mut Html) {
    sign(shape(one), html);
    link(&one.project, &one.spelling, html);
    html.text(" ");
    html.element("span", &[("class", "version")], &one.version);
    html.element("div", &[("class", "words")], one.kind.words());
    for mark in one.marks() {
        html.element("div", &[("class", "mark")], mark);
    }
    if !one.required_by.is_empty() {
        html.within("div", &[("class", "needed")], |html| {
            html.text("for ");
            links(&one.required_by[..one.required_by.len().min(FEW)], html);
            match one.required_by.len().saturating_sub(FEW) {
                0 => {}
                more => html.text(&format!(" and {more} more")),
            }
        });
    }
}

fn details(one: &Explained, html: &mut Html) {
    let attributes = [("id", &*id(&one.project)), ("class", class(one))];
    html.within("article", &attributes, |html| {
        html.within("h3", &[], |html| {
            sign(shape(one), html);
            html.text(&format!("{} {}", one.spelling, one.version));
            html.element("span", &[("class", "words")], &one.evidence());
        });
        html.within("table", &[], |html| {
            for fact in one.facts() {
                row(fact.what, html, |html| {
                    for line in &fact.lines {
                        html.element("div", &[], line);
                    }
                });
            }
            let asked = match one.requested {
                Some(true) => "yes",
                Some(false) => "no",
                None => "not recorded",
            };
            row("asked for by name", html, |html| html.text(asked));
            for (what, names) in [("needed by", &one.required_by), ("needs", &one.requires)] {
                if !names.is_empty() {
                    row(what, html, |html| links(names, html));
                }
            }
        });
        html.within("p", &[("class", "up")], |html| {
            html.element("a", &[("href", "#top")], "to the top");
        });
    });
}

fn row(what: &str, html: &mut Html, content: impl FnOnce(&mut Html)) {
    html.within("tr", &[], |html| {
        html.element("th", &[("scope", "row")], what);
        html.within("td", &[], content);
    });
}

fn links(names: &[ProjectName], html: &mut Html) {
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            html.text(", ");
        }
        link(name, name.as_ref(), html);
    }
}

fn link(to: &ProjectName, text: &str, html: &mut Html) {
    html.element("a", &[("href", &format!("#{}", id(to)))], text);
}

/// So that no project has the name of an id of ours.
fn id(project: &ProjectName) -> String {
    format!("p-{project}")
}

/// A shape beside the words: colour is never the only sign. Who hears the page hears the words.
fn sign(shape: &'static str, html: &mut Html) {
    let attributes = [("class", "sign"), ("aria-hidden", "true")];
    html.element("span", &attributes, shape);
}
