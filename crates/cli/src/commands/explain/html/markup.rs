//! Markup in which a text from outside cannot become any: tags are ours, texts are escaped.

use std::fmt::{self, Write as _};

use assay_types::Printable;

/// HTML that grows.
#[derive(Debug, Default)]
pub struct Html(String);

/// Attributes, whose values are escaped.
pub type Attributes<'a> = &'a [(&'static str, &'a str)];

impl Html {
    /// What cannot come from outside: a doctype, a stylesheet.
    pub fn own(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.0.push_str(&escaped(text));
    }

    /// A tag that needs no end.
    pub fn open(&mut self, tag: &'static str, attributes: Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            // Writing to a string does not fail.
            let _ = write!(self.0, " {name}=\"{}\"", escaped(value));
        }
        self.0.push('>');
    }

    /// An element around whatever is added meanwhile.
    pub fn within(
        &mut self,
        tag: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self),
    ) {
        self.open(tag, attributes);
        content(self);
        let _ = write!(self.0, "</{tag}>");
        if BLOCKS.contains(&tag) {
            self.0.push('\n');
        }
    }

    /// An element around a text.
    pub fn element(&mut self, tag: &'static str, attributes: Attributes<'_>, text: &str) {
        self.within(tag, attributes, |it| it.text(text));
    }
}

/// After these a line ends, for whoever reads the source.
const BLOCKS: [&str; 9] = [
    "head", "style", "header", "ul", "li", "section", "article", "tr", "p",
];

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text from outside as HTML has it, between tags or in quotes: no character of it begins or ends
/// anything, steers what is shown, or changes its order.
pub fn escaped(text: &str) -> String {
    let printable = Printable(text).to_string();
    let mut escaped = String::with_capacity(printable.len());
    for c in printable.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '`' => escaped.push_str("&#96;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Html, escaped};

    #[test]
    fn no_text_becomes_markup() {
        for (hostile, shown) in [
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("\" onclick=\"x", "&quot; onclick=&quot;x"),
            ("' onclick='x", "&#39; onclick=&#39;x"),
            ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
            ("</style><img src=x>", "&lt;/style&gt;&lt;img src=x&gt;"),
            ("<!--", "&lt;!--"),
            ("a\0b\u{202e}c\u{1b}[31m", r"a\u{0}b\u{202e}c\u{1b}[31m"),
        ] {
            assert_eq!(escaped(hostile), shown);
        }
        assert_eq!(escaped("Flask é 漢字 1.0+local"), "Flask é 漢字 1.0+local");
    }

    #[test]
    fn attributes_and_contents_are_escaped_and_tags_are_not() {
        let mut html = Html::default();
        html.within("a", &[("href", "#\"><b>")], |it| it.text("<b>"));
        assert_eq!(
            html.to_string(),
            "<a href=\"#&quot;&gt;&lt;b&gt;\">&lt;b&gt;</a>"
        );
    }
}
