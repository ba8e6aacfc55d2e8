//! Charts as inline SVG, without a script: bars with their intervals, and the curve of time per iteration. Colours and
//! fonts are the page's: elements carry classes, and `html.rs` has the style.

use crate::session::{Quantity, Report};
use crate::statistics::Verdict;
use std::fmt::Write as _;

/// Of the curve, in units of the drawing.
const WIDTH: f64 = 720.0;

/// Of bars: about as many units as a card has pixels, so that their text is of the page's size.
const BAR_WIDTH: f64 = 430.0;

/// Text with what HTML reads as more than text replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A bar for each engine that has the quantity, with its interval; `None` if none has.
pub fn bars(report: &Report, quantity: Quantity) -> Option<String> {
    let rows: Vec<_> = report
        .engines
        .iter()
        .enumerate()
        .filter_map(|(index, engine)| Some((index, engine, engine.measured.get(&quantity)?)))
        .collect();
    let greatest = rows
        .iter()
        .map(|row| row.2.interval.high)
        .fold(0.0, f64::max);
    if rows.is_empty() || greatest <= 0.0 {
        return None;
    }
    const ROW: f64 = 50.0;
    const RIGHT: f64 = 4.0;
    let span = BAR_WIDTH - RIGHT;
    let height = rows.len() as f64 * ROW;
    let mut svg = format!(
        "<svg class=\"bars\" viewBox=\"0 0 {BAR_WIDTH} {height}\" role=\"img\" aria-label=\"{}\">\n",
        escape(quantity.title())
    );
    for (row, (index, engine, measured)) in rows.into_iter().enumerate() {
        let top = row as f64 * ROW;
        let x = |amount: f64| (amount / greatest * span).max(1.0);
        let interval = measured.interval;
        let (name, amount) = (escape(&engine.name), quantity.write(interval.middle));
        let ratio = match &measured.compared {
            None => String::new(),
            Some(compared) if compared.verdict == Verdict::Tie => " \u{b7} tie".into(),
            Some(compared) => format!(" \u{b7} {:.2}x", compared.ratio.middle),
        };
        let _ = writeln!(svg, "<g class=\"e{index}\">");
        let _ = writeln!(
            svg,
            "<text class=\"name\" x=\"0\" y=\"{:.1}\">{name}</text><text class=\"amount\" x=\"{BAR_WIDTH}\" y=\"{:.1}\">{amount}{ratio}</text>",
            top + 17.0,
            top + 17.0
        );
        let _ = writeln!(
            svg,
            "<rect class=\"bar\" x=\"0\" y=\"{:.1}\" width=\"{:.1}\" height=\"14\" rx=\"2\"/>",
            top + 24.0,
            x(interval.middle)
        );
        let (low, high) = (x(interval.low), x(interval.high));
        if high - low > 1.5 {
            let middle = top + 31.0;
            let _ = writeln!(
                svg,
                "<path class=\"error\" d=\"M{low:.1} {middle:.1}H{high:.1}M{low:.1} {:.1}v10M{high:.1} {:.1}v10\"/>",
                middle - 5.0,
                middle - 5.0
            );
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

/// Time of the n-th iteration, both scales in powers of ten; `None` if no engine was repeated.
pub fn warm_up(report: &Report) -> Option<String> {
    let curves: Vec<_> = report
        .engines
        .iter()
        .enumerate()
        .filter(|(_, engine)| engine.curve.len() > 1)
        .collect();
    let points = || curves.iter().flat_map(|(_, engine)| engine.curve.iter());
    let last = points().map(|point| point.0).max()?;
    let least = points()
        .map(|point| point.1)
        .fold(f64::MAX, f64::min)
        .max(1.0);
    let most = points().map(|point| point.1).fold(1.0, f64::max);
    const HEIGHT: f64 = 440.0;
    const LEFT: f64 = 92.0;
    const BOTTOM: f64 = 52.0;
    const TOP: f64 = 20.0;
    let (low, high) = (round_below(least), round_above(most));
    let x_end = f64::from(last).log10().max(0.3);
    let x = |n: u32| LEFT + f64::from(n).log10() / x_end * (WIDTH - LEFT - 12.0);
    let y = |ns: f64| {
        let part = (ns.max(1.0) / low).log10() / (high / low).log10();
        HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)
    };
    let mut svg = format!(
        "<svg class=\"curve\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"time per iteration\">\n"
    );
    // Where few powers are seen, steps between them help.
    let steps: &[f64] = if high / low > 1000.0 { &[1.0] } else { &STEPS };
    for amount in (0..12).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power))) {
        if amount < low * 0.99 || amount > high * 1.01 {
            continue;
        }
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{WIDTH}\"/><text class=\"tick\" x=\"{1}\" y=\"{2:.1}\">{3}</text>",
            y(amount),
            LEFT - 8.0,
            y(amount) + 5.0,
            round(amount)
        );
    }
    let steps: &[u32] = if last > 1000 { &[1] } else { &[1, 2, 5] };
    let mut power = 1u32;
    while power <= last {
        for n in steps.iter().map(|step| step.saturating_mul(power)) {
            if n <= last {
                let _ = writeln!(
                    svg,
                    "<text class=\"tick bottom\" x=\"{:.1}\" y=\"{:.1}\">{n}</text>",
                    x(n),
                    HEIGHT - BOTTOM + 20.0
                );
            }
        }
        let Some(next) = power.checked_mul(10) else {
            break;
        };
        power = next;
    }
    let _ = writeln!(
        svg,
        "<text class=\"tick bottom\" x=\"{:.1}\" y=\"{:.1}\">iteration</text>",
        (LEFT + WIDTH) / 2.0,
        HEIGHT - 3.0
    );
    for (index, engine) in curves {
        let mut path = String::new();
        for (at, (n, ns)) in engine.curve.iter().enumerate() {
            let _ = write!(
                path,
                "{}{:.1} {:.1}",
                if at == 0 { 'M' } else { 'L' },
                x(*n),
                y(*ns)
            );
        }
        let _ = writeln!(
            svg,
            "<g class=\"e{index}\"><path class=\"line\" d=\"{path}\"><title>{}</title></path><circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/></g>",
            escape(&engine.name),
            x(1),
            y(engine.curve[0].1)
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

/// Round numbers in each power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// The greatest round number that is not above `amount`, which is at least 1.
fn round_below(amount: f64) -> f64 {
    let power = 10f64.powf(amount.log10().floor());
    let mut steps = STEPS.iter().rev().map(|step| step * power);
    steps.find(|round| *round <= amount).unwrap_or(power)
}

/// The least round number above `amount`.
fn round_above(amount: f64) -> f64 {
    let power = 10f64.powf(amount.log10().floor());
    let mut steps = STEPS.iter().map(|step| step * power);
    steps.find(|round| *round > amount).unwrap_or(10.0 * power)
}

/// A round number of nanoseconds.
fn round(ns: f64) -> String {
    match ns {
        _ if ns >= 1e9 => format!("{:.0} s", ns / 1e9),
        _ if ns >= 1e6 => format!("{:.0} ms", ns / 1e6),
        _ if ns >= 1e3 => format!("{:.0} us", ns / 1e3),
        _ => format!("{ns:.0} ns"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn scales_end_at_round_numbers() {
        assert_eq!(
            (super::round_below(37.0), super::round_above(37.0)),
            (20.0, 50.0)
        );
        assert_eq!(
            (super::round_below(70.0), super::round_above(70.0)),
            (50.0, 100.0)
        );
        assert_eq!(
            (super::round_below(1.0), super::round_above(1.0)),
            (1.0, 2.0)
        );
    }

    #[test]
    fn names_of_a_module_are_text() {
        assert_eq!(
            super::escape("<script>\"&\u{1b}[0m"),
            "&lt;script&gt;&quot;&amp;\u{fffd}[0m"
        );
    }
}
