//! Tests of whole modules: tables of cases, properties, and comparisons with `packaging`.

mod peer;

mod entry_points;
mod fields;
mod file_name;
mod generate;
mod marker;
mod metadata;
mod path;
mod range;
mod record;
mod requirement;
mod requirements_file;
mod sought;
mod tags;
mod vectors;
