//! The texts a scenario is made of, laid end to end so that one number names a place in any of them.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Where texts come from: the file system, or a test.
pub trait Sources {
    /// The text at `path`.
    ///
    /// # Errors
    /// If it cannot be read as UTF-8 text.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// Names of scenarios that lie where `path` points to: what may have been meant.
    fn beside(&self, path: &Path) -> Vec<String> {
        let _ = path;
        Vec::new()
    }

    /// The bytes at `path`, of a file that need not be UTF-8 text.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read(path).map(String::into_bytes)
    }
}

/// The file system.
pub struct Files;

impl Sources for Files {
    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn beside(&self, path: &Path) -> Vec<String> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let Ok(entries) = std::fs::read_dir(folder.unwrap_or(Path::new("."))) else {
            return Vec::new();
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml")).collect();
        names.sort();
        names
    }

    fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

/// Texts by name, for scenarios that are not files.
impl Sources for BTreeMap<PathBuf, String> {
    fn read(&self, path: &Path) -> io::Result<String> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no such text");
        self.get(path).cloned().ok_or_else(missing)
    }
}

/// A place: bytes of all texts laid end to end.
pub type Place = Range<usize>;

/// One text and where it lies among all.
#[derive(Clone, Debug)]
pub struct Source {
    /// How complaints call it: the path as given, or `--set`.
    pub name: String,
    /// Folder that paths in it are relative to.
    pub folder: PathBuf,
    /// The text.
    pub text: String,
    /// Place of its first byte.
    pub begins: usize,
}

/// All texts read so far.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// Appends a text and gives the place of its first byte.
    pub fn add(&mut self, name: String, folder: PathBuf, text: String) -> usize {
        // One byte between two texts keeps the end of one apart from the begin of the next.
        let begins = self
            .sources
            .last()
            .map_or(0, |last| last.begins + last.text.len() + 1);
        self.sources.push(Source {
            name,
            folder,
            text,
            begins,
        });
        begins
    }

    /// The text that holds a place, and the bytes within it.
    pub fn locate(&self, place: &Place) -> Option<(&Source, Range<usize>)> {
        let after = self
            .sources
            .partition_point(|source| source.begins <= place.start);
        let source = self.sources.get(after.checked_sub(1)?)?;
        let clamp = |at: usize| {
            let mut at = at.saturating_sub(source.begins).min(source.text.len());
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = clamp(place.start);
        Some((source, start..clamp(place.end).max(start)))
    }

    /// All texts, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The text that begins at a place.
    pub fn text(&self, begins: usize) -> &str {
        self.locate(&(begins..begins))
            .map_or("", |(source, _)| source.text.as_str())
    }

    /// Folder of the text that holds a place.
    pub fn folder(&self, place: &Place) -> PathBuf {
        self.locate(place)
            .map(|(source, _)| source.folder.clone())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_in_its_own_text() {
        let mut map = SourceMap::default();
        map.add("a".to_owned(), PathBuf::new(), "one".to_owned());
        let begins = map.add("b".to_owned(), PathBuf::new(), "zwölf".to_owned());
        let (source, range) = map.locate(&(begins + 1..begins + 3)).unwrap();
        assert_eq!(
            (source.name.as_str(), range),
            ("b", 1..2),
            "cut back to a whole character"
        );
        assert_eq!(map.locate(&(0..99)).unwrap().1, 0..3);
        assert!(SourceMap::default().locate(&(0..1)).is_none());
    }
}
