//! Which client is meant.

use crate::cli::Failure;
use crate::plan::{Cohort, CohortId, Plan};
use crate::scenario::suggest::nearest;

/// The client called `name`: by its name in an inventory, or by cohort and number.
pub(super) fn find(plan: &Plan, name: &str) -> Result<(CohortId, u32), Failure> {
    let name = name.trim();
    let cohorts = || (0..).map(CohortId).zip(&plan.cohorts);
    let by_name = cohorts().find_map(|(id, cohort)| Some((id, named(cohort, name)?)));
    if let Some(found) = by_name {
        return Ok(found);
    }
    let numbered = name.rsplit_once(['-', ' ', ':', '/', '#']);
    let numbered =
        numbered.and_then(|(cohort, number)| Some((cohort, number.parse::<u64>().ok()?)));
    let is = |cohort: &Cohort, said: &str| cohort.name.eq_ignore_ascii_case(said.trim());
    if let Some((said, number)) = numbered
        && let Some((id, cohort)) = cohorts().find(|(_, cohort)| is(cohort, said))
    {
        return in_cohort(id, cohort, number);
    }
    if let Some((id, cohort)) = cohorts().find(|(_, cohort)| is(cohort, name)) {
        return Err(Failure::Usage(format!(
            "{:?} are {} clients: say which, as in {:?}",
            cohort.name,
            cohort.count,
            plan.client_name(id, 0),
        )));
    }
    Err(Failure::Usage(unknown(plan, name, numbered)))
}

fn named(cohort: &Cohort, name: &str) -> Option<u32> {
    let names = cohort.names.as_ref()?;
    let same = |it: &str| it.eq_ignore_ascii_case(name);
    let exact = names.iter().position(|it| **it == *name);
    let place = exact.or_else(|| names.iter().position(|it| same(it)))?;
    u32::try_from(place).ok()
}

fn in_cohort(id: CohortId, cohort: &Cohort, number: u64) -> Result<(CohortId, u32), Failure> {
    match u32::try_from(number) {
        Ok(number) if (1..=cohort.count).contains(&number) => Ok((id, number - 1)),
        _ => Err(Failure::Usage(format!(
            "there is no client {number} in {:?}: they are numbered from 1 to {}",
            cohort.name, cohort.count
        ))),
    }
}

fn unknown(plan: &Plan, name: &str, numbered: Option<(&str, u64)>) -> String {
    let cohorts = || plan.cohorts.iter().map(|cohort| cohort.name.as_str());
    let names = plan.cohorts.iter().filter_map(|it| it.names.as_ref());
    let names = names.flatten().map(AsRef::as_ref);
    let near = match numbered {
        Some((cohort, number)) => nearest(cohort, cohorts())
            .map(|near| format!("{near}-{number:06}"))
            .or_else(|| nearest(name, names).map(str::to_owned)),
        None => nearest(name, names.chain(cohorts())).map(str::to_owned),
    };
    match near {
        Some(near) => format!("there is no client {name:?}: did you mean {near:?}?"),
        None => format!(
            "there is no client {name:?}: write its name, or cohort and number; there are {}",
            some(plan)
        ),
    }
}

/// The first few cohorts, and how many more there are.
fn some(plan: &Plan) -> String {
    const MOST: usize = 4;
    let names = plan.cohorts.iter().take(MOST);
    let names: Vec<String> = names.map(|cohort| format!("`{}`", cohort.name)).collect();
    match plan.cohorts.len().saturating_sub(MOST) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
