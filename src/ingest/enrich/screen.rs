//! The class of a viewport's width. Called by `ingest`; knows only a number.

/// The class of a viewport `width` CSS pixels wide. `None` for 0, which clients send when they do not know.
///
/// | class | width |
/// |---|---|
/// | `Mobile` | below 576 |
/// | `Tablet` | 576 to 991 |
/// | `Laptop` | 992 to 1439 |
/// | `Desktop` | 1440 to 2560 |
/// | `Ultra-wide` | above 2560 |
pub const fn class(width: u32) -> Option<&'static str> {
    Some(match width {
        0 => return None,
        1..576 => "Mobile",
        576..992 => "Tablet",
        992..1440 => "Laptop",
        1440..=2560 => "Desktop",
        _ => "Ultra-wide",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders() {
        assert_eq!(
            [0, 1, 575, 576, 991, 992, 1439, 1440, 2560, 2561, u32::MAX].map(class),
            [
                None,
                Some("Mobile"),
                Some("Mobile"),
                Some("Tablet"),
                Some("Tablet"),
                Some("Laptop"),
                Some("Laptop"),
                Some("Desktop"),
                Some("Desktop"),
                Some("Ultra-wide"),
                Some("Ultra-wide"),
            ]
        );
    }
}
