//! How cells of the workbook look.
//!
//! Colours come in pairs that differ in lightness too, so that print and the colour-blind lose nothing.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// Text on white.
pub(super) const INK: Color = Color::RGB(0x1F_29_33);
/// What may be overlooked.
pub(super) const GREY: Color = Color::RGB(0x61_6E_7C);
/// Lines between rows.
pub(super) const HAIRLINE: Color = Color::RGB(0xD6_DC_E3);
/// The converged curve, and headings.
pub(super) const BLUE: Color = Color::RGB(0x0B_4F_8A);
/// The band around it.
pub(super) const BAND: Color = Color::RGB(0xB9_D5_EC);
/// Base components.
pub(super) const ORANGE: Color = Color::RGB(0xD9_7A_00);
/// What the console knows.
pub(super) const TEAL: Color = Color::RGB(0x2A_9D_8F);
/// A heading's ground.
pub(super) const PALE: Color = Color::RGB(0xEE_F3_F8);
/// Good, dark and pale.
pub(super) const GOOD: (Color, Color) = (Color::RGB(0x1B_6E_3C), Color::RGB(0xE6_F4_EA));
/// Bad, dark and pale.
pub(super) const BAD: (Color, Color) = (Color::RGB(0xA4_2A_04), Color::RGB(0xFC_E9_E1));
/// Neither, dark and pale.
pub(super) const PLAIN: (Color, Color) = (BLUE, PALE);

/// Local date and time.
pub(super) const TIME: &str = "yyyy-mm-dd hh:mm:ss";
/// Date and time with the day of the week, for people.
pub(super) const DAY_AND_TIME: &str = "ddd d mmm hh:mm";
/// A whole number.
pub(super) const WHOLE: &str = "#,##0";
/// A mean.
pub(super) const MEAN: &str = "#,##0.0##";
/// A share.
pub(super) const SHARE: &str = "0.0 %";

/// Formats that cells of all sheets share.
pub(super) struct Styles {
    /// Header of a table.
    pub header: Format,
    /// Text.
    pub text: Format,
    /// Local time.
    pub time: Format,
    /// Whole number.
    pub whole: Format,
    /// Mean of numbers.
    pub mean: Format,
    /// Share.
    pub share: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let body = || Format::new().set_align(FormatAlign::Top);
        Styles {
            header: header(),
            text: body(),
            time: body().set_num_format(TIME).set_align(FormatAlign::Left),
            whole: body().set_num_format(WHOLE),
            mean: body().set_num_format(MEAN),
            share: body().set_num_format(SHARE),
        }
    }
}

/// Header of a table.
pub(super) fn header() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(BLUE)
        .set_align(FormatAlign::Left)
        .set_align(FormatAlign::VerticalCenter)
}

/// Text on the sheets that are laid out for reading.
pub(super) fn reading() -> Format {
    Format::new()
        .set_font_color(INK)
        .set_align(FormatAlign::VerticalCenter)
}

/// A line of a table laid out for reading.
pub(super) fn line() -> Format {
    reading()
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(HAIRLINE)
}

/// Header of a table laid out for reading.
pub(super) fn small_header() -> Format {
    Format::new()
        .set_font_color(GREY)
        .set_font_size(9)
        .set_border_bottom(FormatBorder::Medium)
        .set_border_bottom_color(BLUE)
        .set_align(FormatAlign::Bottom)
        .set_text_wrap()
}

/// A heading within a sheet.
pub(super) fn heading() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(13)
        .set_font_color(BLUE)
        .set_align(FormatAlign::Bottom)
}
