//! The table at the end: each figure with what it is measured against and its limit.

use std::io::Write;

/// A line for the person at the terminal.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

struct Row {
    what: String,
    ours: String,
    beside: String,
    figure: String,
    limit: String,
    judged: bool,
    over: bool,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// A figure that is judged by how many times another one it is.
    pub(crate) fn times(&mut self, what: &str, unit: &str, ours: f64, beside: f64, most: f64) {
        let ratio = ours / beside;
        self.0.push(Row {
            what: what.to_owned(),
            ours: with(ours, unit),
            beside: with(beside, unit),
            figure: format!("{ratio:.2} times"),
            limit: format!("{most:.2} times"),
            // What could not be measured is over every limit.
            judged: true,
            over: ratio.is_nan() || ratio > most,
        });
    }

    /// A figure that is judged by itself.
    pub(crate) fn most(&mut self, what: &str, unit: &str, ours: f64, most: f64) {
        self.0.push(Row {
            what: what.to_owned(),
            ours: with(ours, unit),
            beside: String::new(),
            figure: with(ours, unit),
            limit: with(most, unit),
            judged: true,
            over: ours.is_nan() || ours > most,
        });
    }

    /// The same, where the limit follows from another figure.
    pub(crate) fn within(&mut self, what: &str, unit: &str, ours: f64, beside: f64, most: f64) {
        self.most(what, unit, ours, most);
        if let Some(row) = self.0.last_mut() {
            row.beside = with(beside, unit);
            // Nothing is more than what could not be measured.
            row.over |= beside.is_nan();
        }
    }

    /// A figure beside another one, where the number is there for orientation and is not judged.
    pub(crate) fn about(&mut self, what: &str, unit: &str, ours: f64, beside: f64, about: f64) {
        self.told(what, unit, ours, Some(beside));
        if let Some(row) = self.0.last_mut() {
            row.limit = format!("about {about:.1} times");
        }
    }

    /// Something that is told and not judged.
    pub(crate) fn told(&mut self, what: &str, unit: &str, ours: f64, beside: Option<f64>) {
        self.0.push(Row {
            what: what.to_owned(),
            ours: with(ours, unit),
            beside: beside.map(|beside| with(beside, unit)).unwrap_or_default(),
            figure: beside.map(|beside| format!("{:.2} times", ours / beside)).unwrap_or_default(),
            limit: String::new(),
            judged: false,
            over: false,
        });
    }

    /// Prints it, says what is over its limit, and tells whether nothing is.
    pub(crate) fn print(&self) -> bool {
        say("\n| figure | Linecheck | beside it | measured | at most | |");
        say("|---|---|---|---|---|---|");
        for Row { what, ours, beside, figure, limit, judged, over } in &self.0 {
            let word = match (judged, over) {
                (false, _) => "",
                (true, false) => "holds",
                (true, true) => "OVER",
            };
            say(&format!("| {what} | {ours} | {beside} | {figure} | {limit} | {word} |"));
        }
        let over: Vec<&Row> = self.0.iter().filter(|row| row.over).collect();
        for row in &over {
            say(&format!("Over its limit: {}: {}, at most {}", row.what, row.figure, row.limit));
        }
        over.is_empty()
    }
}

fn with(value: f64, unit: &str) -> String {
    if value.abs() < 100.0 && unit != "ms" {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}
