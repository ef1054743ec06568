//! What can be typed after `headcount export`. It is done by `app`, which knows how to reach the database.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `export`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ExportArgs {
    /// The site
    #[arg(long, value_name = "ID")]
    pub site: String,
    /// First day: a date, today or yesterday, in the site's time zone
    #[arg(long, value_name = "D", value_parser = super::seal::day)]
    pub from: String,
    /// Last day, included
    #[arg(long, value_name = "D", value_parser = super::seal::day)]
    pub to: String,
    /// What to write
    #[arg(long, value_enum, default_value_t)]
    pub table: Table,
    /// What the file is: comma-separated, one JSON object per line, or Parquet
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The file; standard output unless said otherwise
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Table {
    /// Counts of one attribute
    #[default]
    Cells,
    /// Counts of two attributes
    Crossings,
}

/// What a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Comma-separated values
    #[default]
    Csv,
    /// One JSON object per line
    Json,
    /// Parquet
    Parquet,
}
