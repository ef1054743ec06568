//! `headcount user …`

use std::io::{BufRead, Write};

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::{WHO, table};
use crate::registry::{self, LINK_DAYS, Registry, Rights, Role, User};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user and print a one-time link to set the password
    #[command(after_help = "\
Examples:
  headcount user add boss --role owner                        every site, those to come included
  headcount user add anna --role viewer --site blog --site shop

The link stands alone on stdout. It works once, for seven days.")]
    Add(UserAdd),
    /// List the users
    #[command(after_help = "Examples:\n  headcount user list\n  headcount user list --json")]
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Give or take rights
    #[command(after_help = "\
Examples:
  headcount user edit anna --role editor --site blog
  headcount user edit anna --role none --site blog
  headcount user edit anna --role none                        no rights at all")]
    Edit(UserEdit),
    /// Remove a user; dashboard sessions end
    #[command(after_help = "Examples:\n  headcount user remove anna")]
    Remove {
        /// The user
        name: String,
    },
    /// Print a one-time link to set a new password, or set it from standard input
    #[command(after_help = "\
Examples:
  headcount user password anna
  headcount user password anna --stdin < password.txt

The link stands alone on stdout. It works once, for seven days; older links of the user die. With --stdin the first line \
is the password, and dashboard sessions of the user end.")]
    Password {
        /// The user
        name: String,
        /// Read the password from standard input instead of printing a link
        #[arg(long)]
        stdin: bool,
    },
}

/// A role as typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleWord {
    /// May change the site, its users and keys; without --site: of every site
    Owner,
    /// May change what is shown
    Editor,
    /// May look
    Viewer,
}

/// A role as typed, or none.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoleOrNone {
    /// May change the site, its users and keys; without --site: of every site
    Owner,
    /// May change what is shown
    Editor,
    /// May look
    Viewer,
    /// No rights
    None,
}

/// Arguments of `user add`.
#[derive(Debug, Args)]
pub struct UserAdd {
    /// Name to sign in with
    name: String,
    /// What the user may do
    #[arg(long, value_enum)]
    role: RoleWord,
    /// Site the role is for; may be repeated
    #[arg(long = "site", value_name = "ID")]
    sites: Vec<String>,
}

/// Arguments of `user edit`.
#[derive(Debug, Args)]
pub struct UserEdit {
    /// The user
    name: String,
    /// What the user may do
    #[arg(long, value_enum)]
    role: RoleOrNone,
    /// Site the role is for; may be repeated
    #[arg(long = "site", value_name = "ID")]
    sites: Vec<String>,
}

/// A user as JSON shows it.
#[derive(Serialize)]
struct Seen<'a> {
    name: &'a str,
    owner: bool,
    roles: &'a std::collections::BTreeMap<String, Role>,
    password_set: bool,
    created_at: jiff::Timestamp,
}

/// Runs a command on users. A password is read from `input`.
///
/// # Errors
/// What the registry refuses, or when input or output fail.
pub fn run(
    command: UserCommand,
    registry: &Registry,
    public_url: &str,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match command {
        UserCommand::Add(given) => add(given, registry, public_url, out),
        UserCommand::List { json } => list(registry, json, out),
        UserCommand::Edit(given) => edit(given, registry, out),
        UserCommand::Remove { name } => {
            registry.update(WHO, |draft| Ok(draft.remove_user(&name)?))?;
            Ok(writeln!(out, "User {name} is removed.")?)
        }
        UserCommand::Password { name, stdin: true } => set_password(&name, registry, input, out),
        UserCommand::Password { name, stdin: false } => {
            let token = registry.update(WHO, |draft| draft.make_link(&name))?;
            link(&token, public_url, out)
        }
    }
}

fn add(given: UserAdd, registry: &Registry, public_url: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let rights = Rights::new(given.role.into(), given.sites)?;
    let token = registry.update(WHO, |draft| {
        draft.add_user(&given.name, &rights)?;
        draft.make_link(&given.name)
    })?;
    link(&token, public_url, out)
}

fn link(token: &str, public_url: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    eprintln!("Open this link to set the password. It works once, for {LINK_DAYS} days, and is not shown again.");
    Ok(writeln!(out, "{public_url}/sign-in?token={token}")?)
}

fn edit(given: UserEdit, registry: &Registry, out: &mut dyn Write) -> anyhow::Result<()> {
    let UserEdit { name, role, sites } = given;
    match role.role() {
        None => registry.update(WHO, |draft| Ok(draft.withdraw(&name, &sites)?))?,
        Some(role) => {
            let rights = Rights::new(role, sites)?;
            registry.update(WHO, |draft| Ok(draft.grant(&name, &rights)?))?;
        }
    }
    Ok(writeln!(out, "Rights of {name} are changed.")?)
}

fn set_password(name: &str, registry: &Registry, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let phc = registry::hash_password(&read_password(input)?)?;
    registry.update(WHO, |draft| draft.set_password(name, phc))?;
    Ok(writeln!(out, "The password of {name} is set.")?)
}

/// The first line of `input`.
pub(super) fn read_password(input: &mut dyn BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line).context("the password cannot be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn list(registry: &Registry, json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    let snapshot = registry.snapshot();
    let users = &snapshot.book().users;
    if json {
        let seen: Vec<_> = users.iter().map(seen).collect();
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&seen)?)?);
    }
    let row = |user: &User| {
        let set = if user.password.is_some() { "set" } else { "not yet" };
        vec![user.name.clone(), rights(user), set.to_owned(), table::date(user.created_at)]
    };
    let rows: Vec<_> = users.iter().map(row).collect();
    Ok(table::write(out, &["USER", "RIGHTS", "PASSWORD", "ADDED"], &rows)?)
}

fn seen(user: &User) -> Seen<'_> {
    Seen {
        name: &user.name,
        owner: user.owner,
        roles: &user.roles,
        password_set: user.password.is_some(),
        created_at: user.created_at,
    }
}

fn rights(user: &User) -> String {
    if user.owner {
        return "owner of all sites".to_owned();
    }
    let each: Vec<_> = user.roles.iter().map(|(site, role)| format!("{site}:{}", role.code())).collect();
    table::list(&each, "none")
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Owner => Self::Owner,
            RoleWord::Editor => Self::Editor,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

impl RoleOrNone {
    fn role(self) -> Option<Role> {
        match self {
            Self::Owner => Some(Role::Owner),
            Self::Editor => Some(Role::Editor),
            Self::Viewer => Some(Role::Viewer),
            Self::None => None,
        }
    }
}
