//! Passwords: argon2id, with the same work done whether or not a user exists.
//! Slow on purpose (tens of milliseconds and 19 MiB): never called on an async thread.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use super::{Refusal, RegistryError};

/// Shortest password, in characters (NIST SP 800-63B asks for 8 and more).
pub const SHORTEST: usize = 10;
/// Longest password, in bytes: bounds what a stranger can make us hash.
pub const LONGEST: usize = 1_024;

/// Hash of a password nobody has, with the parameters of every other hash; work for users that do not exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$W5rHIh10eZ0lYs8NwPJVHj3SC3VlvtLAvXr9s9Zx0Ho";

/// Whether `password` may be set.
///
/// # Errors
/// [`Refusal::WeakPassword`] when it is too short or too long.
pub fn check(password: &str) -> Result<(), Refusal> {
    let long_enough = password.chars().count() >= SHORTEST;
    if !long_enough || password.len() > LONGEST {
        return Err(Refusal::WeakPassword);
    }
    Ok(())
}

/// The PHC string of `password`, with a random salt.
///
/// # Errors
/// [`RegistryError::Refused`] for a weak password, [`RegistryError::Random`] without randomness.
pub fn hash(password: &str) -> Result<String, RegistryError> {
    check(password)?;
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|_| RegistryError::Random)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one of `phc`. Without `phc` the same time is spent and the answer is no.
pub fn verify(password: &str, phc: Option<&str>) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    let known = phc.is_some();
    let Ok(parsed) = PasswordHash::new(phc.unwrap_or(NOBODY)) else {
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_recognised_and_no_other() {
        let phc = hash("correct horse").expect("hashed");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        let verdicts = ["correct horse", "correct horsf", ""].map(|given| verify(given, Some(&phc)));
        assert_eq!((verdicts, verify("correct horse", None)), ([true, false, false], false));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_others_cost() {
        let parsed = PasswordHash::new(NOBODY).expect("a PHC string");
        let real = hash("correct horse").expect("hashed");
        let real = PasswordHash::new(&real).expect("a PHC string");
        assert_eq!((&parsed.algorithm, parsed.version, &parsed.params), (&real.algorithm, real.version, &real.params));
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.as_bytes().len());
        assert_eq!(length(&parsed), length(&real));
    }

    #[test]
    fn short_and_huge_passwords_are_weak() {
        let huge = "x".repeat(LONGEST + 1);
        let verdicts = ["", "ninechars", "ten chars.", "åäöåäöåäöå", &huge].map(|given| check(given).is_ok());
        assert_eq!(verdicts, [false, false, true, true, false]);
    }
}
