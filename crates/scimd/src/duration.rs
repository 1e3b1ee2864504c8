//! Durations as people write them: `500ms`, `30s`, `5m`, `24h`, `90d`.

#[cfg(test)]
mod tests;

use std::time::Duration;

/// Reads a whole number and its unit; `ms`, `s`, `m`, `h` or `d`.
///
/// # Errors
/// A sentence fragment that says what is expected, for a settings file or a command line.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let wrong =
        || format!("{text:?} is no duration; write a number and a unit, such as 30s, 24h or 90d");
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong()),
    };
    number.checked_mul(millis).map(Duration::from_millis).ok_or_else(wrong)
}
