//! `smsim new`: a commented scenario to start from.

use super::{Exit, Failure};
use crate::scenario;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `new` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the scenario; NAME.toml is written
    #[arg(value_name = "NAME")]
    name: PathBuf,
    /// What to start from
    #[arg(long, value_enum, default_value_t = Template::Quickstart)]
    template: Template,
    /// Make it out of an inventory, CSV or XLSX, as a console exports it
    #[arg(long, value_name = "FILE", conflicts_with = "template")]
    from_inventory: Option<PathBuf>,
    /// What the inventory calls a column, as in --column subnet=IP_Subnets0; usual names are known
    #[arg(
        long = "column",
        value_name = "OURS=THEIRS",
        requires = "from_inventory"
    )]
    columns: Vec<String>,
    /// Sheet of a workbook [default: the first]
    #[arg(long, value_name = "NAME", requires = "from_inventory")]
    sheet: Option<String>,
    /// Its sites, one per row of a CSV or XLSX file; the inventory tells the rest
    #[arg(long, value_name = "FILE", requires = "from_inventory")]
    sites: Option<PathBuf>,
    /// Its domains, one per row
    #[arg(long, value_name = "FILE", requires = "from_inventory")]
    domains: Option<PathBuf>,
    /// The boundaries of its sites, one per row
    #[arg(long, value_name = "FILE", requires = "from_inventory")]
    boundaries: Option<PathBuf>,
}

/// What to start from.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Template {
    /// Two sites that share a domain
    Quickstart,
    /// A central site and many branches that are alike
    Branches,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Template::Quickstart => include_str!("templates/quickstart.toml"),
            Template::Branches => include_str!("templates/branches.toml"),
        }
    }
}

/// Writes the scenario, unless there is such a file.
pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (path, name) = place(&args.name)?;
    let text = match &args.from_inventory {
        Some(file) => made_of(args, file, &name)?,
        None => args.template.text().replace("{name}", &escaped(&name)),
    };
    match File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let path = path.display();
            return Err(Failure::Usage(format!(
                "{path} is there already; it is left as it is"
            )));
        }
        Err(error) => return Err(Failure::File(path, error)),
    }
    writeln!(out, "Written: {}", path.display())?;
    writeln!(out, "Next     smsim check {}", path.display())?;
    writeln!(out, "         smsim run {}", path.display())?;
    Ok(Exit::Done)
}

/// The scenario that an inventory makes.
fn made_of(args: &Args, file: &Path, name: &str) -> Result<String, Failure> {
    let mut columns = Vec::new();
    for said in &args.columns {
        let column = said.split_once('=');
        let known = column.filter(|(ours, _)| scenario::INVENTORY_COLUMNS.contains(ours));
        let Some((ours, theirs)) = known else {
            return Err(Failure::Usage(format!(
                "--column {said} does not say what to read: write OURS=THEIRS, where OURS is one of {}",
                scenario::INVENTORY_COLUMNS.join(", ")
            )));
        };
        columns.push((ours.to_owned(), theirs.to_owned()));
    }
    let tables = [
        ("sites", &args.sites),
        ("domains", &args.domains),
        ("boundaries", &args.boundaries),
    ];
    let tables = tables.into_iter();
    let tables = tables.filter_map(|(table, file)| Some((table, file.clone()?)));
    let wanted = scenario::Wanted {
        name,
        file,
        sheet: args.sheet.as_deref(),
        columns: &columns,
        tables: &tables.collect(),
    };
    scenario::from_inventory(&scenario::Files, &wanted)
        .map_err(|complaints| Failure::Scenario(vec![complaints]))
}

/// The file for a scenario called `given`, with or without `.toml`, and the scenario's own name.
fn place(given: &Path) -> Result<(PathBuf, String), Failure> {
    let file = given
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let file = file.ok_or_else(|| Failure::Usage(format!("{} is no name", given.display())))?;
    let name = file.strip_suffix(".toml").unwrap_or(&file).to_owned();
    if name.is_empty() {
        return Err(Failure::Usage(format!("{} is no name", given.display())));
    }
    Ok((given.with_file_name(format!("{name}.toml")), name))
}

/// Text between the quotes of a TOML string.
fn escaped(text: &str) -> String {
    let quoted = toml::Value::String(text.to_owned()).to_string();
    let inner = quoted.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.map_or_else(
        || text.replace('\\', "\\\\").replace('"', "\\\""),
        str::to_owned,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_makes_a_file_name() {
        for (given, path, name) in [
            ("pilot", "pilot.toml", "pilot"),
            ("plans/pilot.toml", "plans/pilot.toml", "pilot"),
            ("v1.2", "v1.2.toml", "v1.2"),
        ] {
            let found = place(Path::new(given)).unwrap();
            assert_eq!(found, (PathBuf::from(path), name.to_owned()));
        }
        assert!(place(Path::new("..")).is_err());
    }

    #[test]
    fn templates_are_toml_whatever_the_name() {
        for template in [Template::Quickstart, Template::Branches] {
            let text = template.text().replace("{name}", &escaped("a \"b\" \\ c'"));
            let table: toml::Table = toml::from_str(&text).unwrap();
            assert_eq!(table["scenario"]["name"].as_str(), Some("a \"b\" \\ c'"));
            assert!(!text.contains("{name}"));
        }
    }
}
