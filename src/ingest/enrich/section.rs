//! The sections a page lies in: the first, and the first two, segments of its path. Called by `ingest` with a cleaned path.

/// `/blog` and `/blog/news` for `/blog/news/today`; `/blog` for `/blog`; nothing for `/` and for what is no path.
pub fn of(path: &str) -> impl Iterator<Item = &str> {
    let first = path.strip_prefix('/').filter(|rest| !rest.is_empty()).map(|rest| end(path, path.len() - rest.len()));
    let second = first.filter(|first| path.len() > first + 1).map(|first| end(path, first + 1));
    first.into_iter().chain(second).map(move |end| &path[..end])
}

/// Where the segment that begins at `from` ends.
fn end(path: &str, from: usize) -> usize {
    path[from..].find('/').map_or(path.len(), |length| from + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_first_two_segments() {
        let table: [(&str, &[&str]); 6] = [
            ("/", &[]),
            ("", &[]),
            ("no path", &[]),
            ("/blog", &["/blog"]),
            ("/blog/news", &["/blog", "/blog/news"]),
            ("/blög/news/today", &["/blög", "/blög/news"]),
        ];
        for (path, sections) in table {
            assert_eq!(of(path).collect::<Vec<_>>(), sections, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_at_most_two_prefixes(path: String) {
            let sections: Vec<&str> = of(&path).collect();
            proptest::prop_assert!(sections.len() <= 2 && sections.iter().all(|section| path.starts_with(section)));
        }
    }
}
