//! From the model to the IR: names are looked up, ranges become sets, and everything is checked. A check collects its mistakes and goes on.

mod cases;
mod codes;
mod dictionaries;
mod examples;
mod fields;
mod messages;
mod names;
mod packstream;
mod same_as;
mod states;
mod structures;
mod types;
mod versions;

use crate::ir::Spec;
use crate::load::Sources;
use crate::mistake::{Mistake, Mistakes};
use crate::model::File;

/// Lowers a whole specification.
///
/// # Errors
/// Every mistake that the checks find, in the order of the text.
pub(crate) fn lower(file: &File, sources: &Sources) -> Result<Spec, Vec<Mistake>> {
    let mut mistakes = Mistakes::new(sources);
    let calendar = versions::lower(file, &mut mistakes);
    let names = names::collect(file, &mut mistakes);
    let (values, markers) = packstream::lower(file, &mut mistakes);
    let structures = structures::lower(file, &calendar, &names, &mut mistakes);
    let dictionaries = dictionaries::lower(file, &calendar, &names, &mut mistakes);
    let requests = messages::lower("requests", &file.requests, &calendar, &names, &mut mistakes);
    let responses = messages::lower("responses", &file.responses, &calendar, &names, &mut mistakes);
    let spelled = messages::spelled(file, &calendar, &names, &mut mistakes);
    let states = states::lower(file, &calendar, &names, &requests, &mut mistakes);
    let codes = codes::lower(file, &mut mistakes);
    let cases = cases::lower(file, &calendar, &names, &requests, &mut mistakes);
    same_as::check(file, &calendar, &mut mistakes);

    let mut spec = Spec {
        releases: versions::releases(file, &calendar, &mut mistakes),
        versions: calendar.versions,
        reserved: calendar.reserved,
        patches: calendar.patches,
        handshake: calendar.handshake,
        values,
        markers,
        structures,
        dictionaries,
        requests,
        responses,
        spelled,
        machine_of: states.machine_of,
        machines: states.machines,
        states: states.states,
        errors: codes.errors,
        notifications: codes.notifications,
        statuses: codes.statuses,
        examples: Vec::new(),
        samples: cases.samples,
        checks: cases.checks,
        edges: cases.edges,
        situations: cases.situations,
    };
    types::finish(&mut spec);
    fields::check_folding(&spec, file, &mut mistakes);
    mistakes.into_result()?;

    // An example is checked against everything else, so everything else has to be right first.
    let mut mistakes = Mistakes::new(sources);
    spec.examples = examples::lower(file, &spec, &mut mistakes);
    mistakes.into_result()?;
    Ok(spec)
}
