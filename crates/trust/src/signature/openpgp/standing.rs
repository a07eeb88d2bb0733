//! Which keys of a certificate may sign, and when: judged from its owner's statements.

use pgp::{
    packet::{PublicSubkey, Signature, SignatureType},
    types::{KeyDetails, KeyVersion},
};

use super::{
    algorithm::check_key,
    certificate::{Component, Material, Standing},
    composition::Parts,
    life::{Life, earlier},
    self_signature::{
        appointed_revocation, back_signature, believe, is_about_life, key_revocation, latest,
        of_key, of_subkey as bindings, of_user, subkey_revocation,
    },
    subpackets::Said,
};

/// The primary key, and the user ids that its owner signed. The error stands behind "its primary key".
pub(super) fn of_primary(parts: &Parts) -> Result<(Component, Vec<String>), String> {
    let primary = &parts.primary;
    check_key(primary).map_err(|why| format!("is {why}"))?;
    let direct: Vec<_> = of_key(primary, &parts.own).collect();
    let (about_users, user_ids) = of_users(parts);
    let own: Vec<_> = match primary.version() {
        // RFC 9580, section 10.1.1: of such a key the direct-key signatures alone say what it may do.
        KeyVersion::V6 => direct.clone(),
        _ => {
            let direct = direct.iter().copied().filter(|it| is_about_life(it));
            direct.chain(about_users.iter().copied()).collect()
        }
    };
    let (life, may_sign) =
        conclude(primary, &latest(own))?.ok_or("has no self-signature that holds")?;
    let appoint = direct.into_iter().chain(about_users);
    let revoked = key_revocation(primary, parts.signatures())
        .or_else(|| appointed_revocation(appoint, parts.signatures()));
    let component = Component {
        material: Material::Primary(primary.clone()),
        standing: revoked.map_or(Standing::Lives(life), Standing::Revoked),
        may_sign,
    };
    Ok((component, user_ids))
}

/// The latest word about each user id that was not revoked, and those ids that are to be believed.
fn of_users(parts: &Parts) -> (Vec<&Signature>, Vec<String>) {
    let mut about = Vec::new();
    let mut ids = Vec::new();
    for (id, signatures) in &parts.users {
        let latest = latest(of_user(&parts.primary, id, signatures));
        let is_revoked = |it: &&Signature| it.typ() == Some(SignatureType::CertRevocation);
        if latest.iter().any(is_revoked) {
            continue;
        }
        if !latest.is_empty() && latest.iter().all(|it| believe(it).is_ok()) {
            ids.push(String::from_utf8_lossy(id.id()).into_owned());
        }
        about.extend(latest);
    }
    (about, ids)
}

/// A subkey, with the signatures that follow it.
pub(super) fn of_subkey(parts: &Parts, key: &PublicSubkey, about: &[Signature]) -> Component {
    let revoked = subkey_revocation(&parts.primary, key, parts.signatures());
    let (standing, may_sign) = match (revoked, bound(parts, key, about)) {
        (Some(why), bound) => (Standing::Revoked(why), bound.is_ok_and(|it| it.1)),
        (None, Ok((life, may_sign))) => (Standing::Lives(life), may_sign),
        (None, Err(why)) => (Standing::Unfit(why), false),
    };
    Component {
        material: Material::Subkey(key.clone()),
        standing,
        may_sign,
    }
}

fn bound(parts: &Parts, key: &PublicSubkey, about: &[Signature]) -> Result<(Life, bool), String> {
    if key.version() != parts.primary.version() {
        return Err("is of another version than its certificate".to_owned());
    }
    let bindings = latest(bindings(&parts.primary, key, about));
    let (mut life, may_sign) = conclude(key, &bindings)?
        .ok_or("is not bound to its certificate by a signature that holds")?;
    if may_sign {
        check_key(key).map_err(|why| format!("is {why}"))?;
        for binding in bindings {
            let back = back_signature(&parts.primary, key, binding)?;
            life.until = earlier(life.until, back.until);
        }
    }
    Ok((life, may_sign))
}

/// What statements of one second come to: where they differ, the strictest counts. `None`: there is none.
fn conclude(key: &dyn KeyDetails, latest: &[&Signature]) -> Result<Option<(Life, bool)>, String> {
    let said: Vec<Said> = latest
        .iter()
        .map(|it| believe(it))
        .collect::<Result<_, _>>()?;
    if said.is_empty() {
        return Ok(None);
    }
    let from = i64::from(key.created_at().as_secs());
    let ends = said
        .iter()
        .flat_map(|it| [it.until, it.key_lasts.map(|lasts| from + lasts)]);
    let until = ends.fold(None, earlier);
    let may_sign = said.iter().all(|it| it.may_sign == Some(true));
    Ok(Some((Life { from, until }, may_sign)))
}
