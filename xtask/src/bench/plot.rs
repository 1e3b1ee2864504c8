//! Cost against size, drawn.

use std::ops::Range;
use std::path::Path;

use anyhow::{Result, anyhow};
use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea as _, IntoLogRange as _, LineSeries, Palette as _,
    Palette99, PathElement, SVGBackend, Text,
};
use plotters::style::{Color as _, WHITE};

use super::Database;
use super::measure::Subject;
use super::report::Report;

const SIZE: (u32, u32) = (1_200, 900);
/// Where the drawing ends and the names of the lines begin.
const NAMES: u32 = 930;

/// One operation on one database: sizes, and what a request costs there in microseconds.
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Draws the operations on users above those on groups, into an SVG file.
///
/// # Errors
/// When the file cannot be written.
pub fn draw(report: &Report, file: &Path) -> Result<()> {
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    let drawn = || -> Result<()> {
        area.fill(&WHITE).map_err(|error| anyhow!("{error}"))?;
        let (above, below) = area.split_vertically(SIZE.1 / 2);
        let of_users = lines(report, |it| it.users.is_some() && it.members.is_none());
        panel(&above, "microseconds a request, by users there are", &of_users)?;
        let of_groups = lines(report, |it| it.members.is_some());
        panel(&below, "microseconds a request, by members of the group", &of_groups)?;
        area.present().map_err(|error| anyhow!("{error}"))
    };
    drawn().map_err(|error| error.context(format!("could not draw {}", file.display())))
}

fn lines(report: &Report, wanted: impl Fn(&Subject) -> bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in report.rows.iter().filter(|row| wanted(&row.subject)) {
        let name =
            format!("{}, {}", row.subject.name, row.subject.database.map_or("", Database::name));
        let Some(size) = row.subject.size() else { continue };
        let point = (f64::from(size), 1_000_000.0 / row.rate.median);
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.points.push(point),
            None => lines.push(Line { name, points: vec![point] }),
        }
    }
    lines
}

fn panel(area: &DrawingArea<SVGBackend<'_>, Shift>, title: &str, lines: &[Line]) -> Result<()> {
    let points = || lines.iter().flat_map(|line| &line.points).copied();
    // Where there are no points, there is nothing to draw.
    if points().next().is_none() {
        return Ok(());
    }
    let (drawing, names) = area.split_horizontally(NAMES);
    let mut chart = ChartBuilder::on(&drawing)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(32)
        .y_label_area_size(64)
        .build_cartesian_2d(
            decades(points().map(|point| point.0)).log_scale(),
            decades(points().map(|point| point.1)).log_scale(),
        )
        .map_err(|error| anyhow!("{error}"))?;
    let whole = |number: &f64| format!("{number:.0}");
    let mut mesh = chart.configure_mesh();
    mesh.x_label_formatter(&whole).y_label_formatter(&whole);
    mesh.draw().map_err(|error| anyhow!("{error}"))?;
    for (number, line) in lines.iter().enumerate() {
        let colour = Palette99::pick(number).to_rgba();
        let series = LineSeries::new(line.points.iter().copied(), colour.stroke_width(2));
        chart.draw_series(series).map_err(|error| anyhow!("{error}"))?;
        let dots = line.points.iter().map(|point| Circle::new(*point, 3, colour.filled()));
        chart.draw_series(dots).map_err(|error| anyhow!("{error}"))?;
        let height = 40 + 19 * i32::try_from(number)?;
        let sample = PathElement::new([(0, height), (18, height)], colour.stroke_width(2));
        names.draw(&sample).map_err(|error| anyhow!("{error}"))?;
        let name = Text::new(line.name.as_str(), (26, height - 6), ("sans-serif", 13));
        names.draw(&name).map_err(|error| anyhow!("{error}"))?;
    }
    Ok(())
}

/// The powers of ten that lie around some numbers, so that both ends of an axis have a name.
fn decades(numbers: impl Iterator<Item = f64> + Clone) -> Range<f64> {
    let least = numbers.clone().fold(f64::INFINITY, f64::min).log10();
    let most = numbers.fold(1.0, f64::max).log10();
    10_f64.powf(least.floor())..10_f64.powf(most.ceil().max(least.floor() + 1.0))
}

#[cfg(test)]
mod tests;
