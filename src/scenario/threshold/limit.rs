//! Numbers, spans, shares and sizes behind the relation of a threshold.

use crate::scenario::quantity;

/// A number that is not negative.
pub fn number(text: &str) -> Result<f64, String> {
    let plain = |text: &str| {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        !whole.is_empty() && !decimals.is_empty() && digits(whole) && digits(decimals)
    };
    if plain(text) {
        return text.parse().map_err(|_| format!("`{text}` is no number"));
    }
    let joined = text.replace([',', ' ', '\''], "");
    Err(match text.strip_prefix('-') {
        Some(rest) if plain(rest.trim()) => "must not be negative".to_owned(),
        _ if plain(&joined) => format!("write the number without separators: `{joined}`"),
        _ => format!("found `{text}`, expected a number"),
    })
}

/// A span in hours; a number alone counts in units of `hours`.
pub fn span(text: &str, hours: f64) -> Result<f64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" => hours,
        "h" | "hour" | "hours" => 1.0,
        "d" | "day" | "days" => 24.0,
        other if digits.is_empty() => return Err(format!("found `{other}`, expected a number")),
        other => return Err(format!("`{other}` is no unit here: write `h` or `days`")),
    };
    Ok(number(digits.trim_end())? * unit)
}

/// A share from 0 to 1, or in percent.
pub fn share(text: &str) -> Result<f64, String> {
    let Some(percent) = text.strip_suffix('%') else {
        let share = number(text)?;
        return match share <= 1.0 {
            true => Ok(share),
            false => Err(format!("did you mean `{text}%`?")),
        };
    };
    match percentage(percent.trim_end())? {
        share if share <= 1.0 => Ok(share),
        _ => Err("must be up to 100%".to_owned()),
    }
}

/// Read with its point moved, so that `99.9%` is the number nearest to 0.999.
fn percentage(digits: &str) -> Result<f64, String> {
    let percent = number(digits)?;
    Ok(format!("{digits}e-2").parse().unwrap_or(percent / 100.0))
}

/// A size [bytes], or a share of a bandwidth; whether it is the latter comes first.
pub fn load(text: &str) -> Result<(bool, f64), String> {
    let Some((percent, rest)) = text.split_once('%') else {
        let size = quantity::size(text).map_err(|misread| match number(text) {
            Ok(_) => format!("the unit is missing: `{text} GB`, or `{text}% of its bandwidth`?"),
            Err(_) => format!("{}: {}", misread.title, misread.label),
        })?;
        return Ok((false, size as f64));
    };
    let share = percentage(percent.trim_end())?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    match words.as_slice() {
        ["of", "its", "bandwidth"] => Ok((true, share)),
        _ => Err(format!("a share of what? `{percent}% of its bandwidth`")),
    }
}
