//! The parsed text with a place for every key and value, before anything is known about its meaning.

use super::complaint::Complaint;
use super::path;
use super::source::{Place, Source, SourceMap, Sources};
use super::suggest::{listed, nearest};
use super::tables::{self, TABLES, Tables, Told};
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place in the source map.
pub type Value<'a> = Spanned<DeValue<'a>>;

/// Longest chain of files that extend each other.
const LONGEST_CHAIN: usize = 16;
/// How complaints call the text of an argument.
const ARGUMENT: &str = "--set";
/// Key that lists values to set, as arguments do; gone from the merged tree.
pub const SET: &str = "set";

/// Reads a scenario, what it extends, the tables they name, and the `--set` arguments into the source map.
pub fn collect(
    sources: &dyn Sources,
    map: &mut SourceMap,
    file: &Path,
    sets: &[String],
) -> Result<Vec<Tables>, Complaint> {
    let mut path = file.to_owned();
    let mut named_at = None;
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut tables = Vec::new();
    loop {
        let name = path.display().to_string();
        let text = sources
            .read(&path)
            .map_err(|cause| unreadable(sources, &path, &cause, named_at))?;
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let base = base_of(&text);
        let sets_of_file = sets_of(&text);
        let begins = map.add(name.clone(), folder.clone(), text);
        for set in sets_of_file {
            map.add(format!("{SET}{OF}{name}"), folder.clone(), set);
        }
        seen.push(path);
        tables.push(tables::collect(sources, map, begins)?);
        let Some((base, span)) = base else { break };
        let place = begins + span.start..begins + span.end;
        path = folder.join(base);
        if seen.contains(&path) || seen.len() >= LONGEST_CHAIN {
            let title = "a scenario cannot extend itself, not even by way of others";
            return Err(Complaint::new(title, place, "this leads back"));
        }
        named_at = Some(place);
    }
    for set in sets {
        map.add(ARGUMENT.to_owned(), PathBuf::new(), set.clone());
    }
    Ok(tables)
}

/// Between [`SET`] and the name of the file that has it, in what complaints call its texts.
const OF: &str = " of ";

/// What a text sets by paths, once it is laid over what it extends.
fn sets_of(text: &str) -> Vec<String> {
    let (root, _) = DeTable::parse_recoverable(text);
    let listed = root
        .get_ref()
        .get(SET)
        .and_then(|it| it.get_ref().as_array());
    let listed = listed.into_iter().flat_map(|it| it.iter());
    listed
        .filter_map(|it| it.get_ref().as_str().map(str::to_owned))
        .collect()
}

/// A scenario that cannot be read; one that is not there may be called otherwise.
fn unreadable(
    sources: &dyn Sources,
    path: &Path,
    cause: &std::io::Error,
    named_at: Option<Place>,
) -> Complaint {
    let complaint = Complaint::unreadable(&path.display().to_string(), cause, named_at);
    if cause.kind() != std::io::ErrorKind::NotFound {
        return complaint;
    }
    let beside = sources.beside(path);
    let names = || beside.iter().map(String::as_str);
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    match nearest(&wanted, names()) {
        Some(near) => complaint.help(format!(
            "did you mean `{}`?",
            path.with_file_name(near).display()
        )),
        None if beside.is_empty() => complaint.help("there are no scenarios in that folder"),
        None => complaint.help(format!("there are {}", listed(names()))),
    }
}

/// The file that a text extends, with the bytes that name it.
fn base_of(text: &str) -> Option<(String, Place)> {
    let (root, _) = DeTable::parse_recoverable(text);
    let value = root.get_ref().get("extends")?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

/// The collected texts merged into one tree: the base first, then what extends it, then the arguments; with what the
/// tables told besides.
///
/// # Errors
/// Every place where a text is not TOML.
pub fn merged<'a>(
    map: &'a SourceMap,
    tables: &[Tables],
    complaints: &mut Vec<Complaint>,
) -> Result<(Value<'a>, Told), Vec<Complaint>> {
    let mut not_toml = Vec::new();
    let mut parts = Vec::new();
    for tables in tables.iter().rev() {
        if let Some(source) = map.iter().find(|source| source.begins == tables.of) {
            parts.push((tables, source, parsed(source, &mut not_toml)));
        }
    }
    if !not_toml.is_empty() {
        return Err(not_toml);
    }
    let mut root = DeTable::new();
    let mut told = Told::default();
    for (tables, source, table) in parts {
        tables::extend(&mut root, table, (tables, map), &mut told, complaints);
        let named = format!("{SET}{OF}{}", source.name);
        for set in map.iter().filter(|set| set.name == named) {
            path::set(&mut root, set, complaints);
        }
    }
    let wrong_already = root.contains_key(TABLES);
    for set in map.iter().filter(|source| source.name == ARGUMENT) {
        path::set(&mut root, set, complaints);
    }
    if !wrong_already && let Some(value) = root.remove(TABLES) {
        let title = "tables cannot be set from the command line";
        let complaint = Complaint::new(title, value.span(), "too late");
        complaints.push(complaint.help("name them in a scenario that extends this one"));
    }
    Ok((Spanned::new(0..0, DeValue::Table(root)), told))
}

/// One text as a tree; its syntax errors are added to the complaints.
fn parsed<'a>(source: &'a Source, complaints: &mut Vec<Complaint>) -> DeTable<'a> {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    complaints.extend(errors.iter().map(|error| syntax(error, source)));
    let root = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
    match moved(root, source.begins).into_inner() {
        DeValue::Table(root) => root,
        _ => DeTable::new(),
    }
}

/// A complaint about text that is not TOML.
fn syntax(error: &toml::de::Error, source: &Source) -> Complaint {
    let length = source.text.len();
    let span = error.span().unwrap_or(length..length);
    let message = error.message().lines().next().unwrap_or_default();
    let place = source.begins + span.start..source.begins + span.end;
    Complaint::new("this is not TOML", place, message)
}

/// The value with every place in it moved behind `begins`.
pub fn moved(value: Value<'_>, begins: usize) -> Value<'_> {
    let behind = |span: Place| span.start + begins..span.end + begins;
    let span = behind(value.span());
    let inner = match value.into_inner() {
        DeValue::Array(mut items) => {
            for item in items.iter_mut() {
                let taken = std::mem::replace(item, Spanned::new(0..0, DeValue::Boolean(false)));
                *item = moved(taken, begins);
            }
            DeValue::Array(items)
        }
        DeValue::Table(entries) => {
            let mut behind_all = DeTable::new();
            for (key, value) in entries {
                let place = behind(key.span());
                behind_all.insert(Spanned::new(place, key.into_inner()), moved(value, begins));
            }
            DeValue::Table(behind_all)
        }
        scalar => scalar,
    };
    Spanned::new(span, inner)
}
