//! What one comparison in a marker means, as `packaging` 26 evaluates it.
//!
//! A comparison that has no meaning is refused, never taken for true: two variables, two texts,
//! an order among texts of which only equality counts is reduced to what it can say.

use pep440_rs::{Operator, Version, VersionSpecifier};
use pep508_rs::{
    ExtraOperator, MarkerExpression, MarkerOperator, MarkerValue, MarkerValueExtra,
    MarkerValueString, MarkerValueVersion,
};

use crate::{MarkerTree, names, range};

/// The operators of markers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Version(Operator),
    In,
    NotIn,
}

impl Comparison {
    /// `==`, `>=` and their like.
    pub(super) fn from_symbol(symbol: &str) -> Option<Self> {
        symbol.parse().ok().map(Self::Version)
    }
}

/// What an operator becomes when its sides change places.
fn flipped(operator: Operator) -> Result<Operator, String> {
    Ok(match operator {
        Operator::LessThan => Operator::GreaterThan,
        Operator::LessThanEqual => Operator::GreaterThanEqual,
        Operator::GreaterThan => Operator::LessThan,
        Operator::GreaterThanEqual => Operator::LessThanEqual,
        Operator::Equal | Operator::NotEqual | Operator::ExactEqual => operator,
        _ => return Err("~= needs the variable on its left".to_owned()),
    })
}

pub(super) fn meaning(
    left: MarkerValue,
    comparison: Comparison,
    right: MarkerValue,
) -> Result<MarkerTree, String> {
    use MarkerValue::{Extra, MarkerEnvString, MarkerEnvVersion, QuotedString};
    match (left, right) {
        (MarkerEnvVersion(key), QuotedString(text)) => version(&key, comparison, &text),
        (QuotedString(text), MarkerEnvVersion(key)) => match comparison {
            Comparison::Version(operator) => one_version(&key, flipped(operator)?, &text),
            _ => Err("a version holds no other".to_owned()),
        },
        (MarkerEnvString(key), QuotedString(value)) => {
            let operator = match comparison {
                Comparison::In => MarkerOperator::In,
                Comparison::NotIn => MarkerOperator::NotIn,
                Comparison::Version(operator) => return text(key, operator, value),
            };
            Ok(text_tree(key, operator, value))
        }
        (QuotedString(value), MarkerEnvString(key)) => match comparison {
            Comparison::In => Ok(text_tree(key, MarkerOperator::Contains, value)),
            Comparison::NotIn => Ok(text_tree(key, MarkerOperator::NotContains, value)),
            Comparison::Version(operator) => text(key, flipped(operator)?, value),
        },
        (Extra, QuotedString(name)) | (QuotedString(name), Extra) => extra(comparison, &name),
        _ => Err("a marker compares a variable with a quoted text".to_owned()),
    }
}

/// `extra` is compared for equality. No extra has a name that is not one, so that a comparison
/// with such a text, which old wheels have, is always false.
fn extra(comparison: Comparison, name: &str) -> Result<MarkerTree, String> {
    let tree = match names::extra(name) {
        Some(name) => MarkerTree::expression(MarkerExpression::Extra {
            operator: ExtraOperator::Equal,
            name: MarkerValueExtra::Extra(name),
        }),
        None => MarkerTree::FALSE,
    };
    match comparison {
        Comparison::Version(Operator::Equal) => Ok(tree),
        Comparison::Version(Operator::NotEqual) => Ok(tree.negate()),
        _ => Err("extra is compared with == or !=".to_owned()),
    }
}

fn text(key: MarkerValueString, operator: Operator, value: String) -> Result<MarkerTree, String> {
    // Off-spec: packaging compares platform_release as versions where both sides are versions
    // (macOS); character by character gives the same for numbers of as many digits.
    let is_ordered = matches!(key, MarkerValueString::PlatformRelease);
    let operator = match operator {
        Operator::Equal => MarkerOperator::Equal,
        Operator::NotEqual => MarkerOperator::NotEqual,
        Operator::LessThan if is_ordered => MarkerOperator::LessThan,
        Operator::LessThanEqual if is_ordered => MarkerOperator::LessEqual,
        Operator::GreaterThan if is_ordered => MarkerOperator::GreaterThan,
        Operator::GreaterThanEqual if is_ordered => MarkerOperator::GreaterEqual,
        // packaging: texts have no order, so that only the equal half of these can hold.
        Operator::LessThan | Operator::GreaterThan => return Ok(MarkerTree::FALSE),
        Operator::LessThanEqual | Operator::GreaterThanEqual => MarkerOperator::Equal,
        _ => return Err("texts are not compared with ~= or ===".to_owned()),
    };
    Ok(text_tree(key, operator, value))
}

fn text_tree(key: MarkerValueString, operator: MarkerOperator, value: String) -> MarkerTree {
    MarkerTree::expression(MarkerExpression::String {
        key,
        operator,
        value,
    })
}

fn version(
    key: &MarkerValueVersion,
    comparison: Comparison,
    text: &str,
) -> Result<MarkerTree, String> {
    match comparison {
        Comparison::Version(operator) => one_version(key, operator, text),
        Comparison::In => version_list(key, text),
        Comparison::NotIn => Ok(version_list(key, text)?.negate()),
    }
}

/// `python_version in '2.7, 3.4'`. Off-spec: packaging looks for one text inside the other, so that
/// it finds 3.1 in '3.10'; here the list is one of versions.
fn version_list(key: &MarkerValueVersion, text: &str) -> Result<MarkerTree, String> {
    let mut tree = MarkerTree::FALSE;
    let pieces = text.split(|c: char| c == ',' || c.is_whitespace());
    for piece in pieces.filter(|it| !it.is_empty()) {
        tree.or(one_version(key, Operator::Equal, piece)?);
    }
    Ok(tree)
}

fn one_version(
    key: &MarkerValueVersion,
    operator: Operator,
    text: &str,
) -> Result<MarkerTree, String> {
    let specifier = range::parse_one(&format!("{operator}{text}"))?;
    let version = specifier.version();
    if version.epoch() != 0 || version.is_local() || version.is_post() {
        return Err("no interpreter has an epoch, a post-release or a local version".to_owned());
    }
    if version.any_prerelease() {
        return beside_prerelease(key, &specifier);
    }
    let is_zero = version.release().iter().all(|segment| *segment == 0);
    if is_zero && *specifier.operator() == Operator::LessThan {
        // How a marker that never holds is printed: nothing is before version 0.
        return Ok(MarkerTree::FALSE);
    }
    Ok(version_tree(key, specifier))
}

/// `pep508_rs` compares releases only, and `3.11.0a6` is not `3.11.0`: what lies on either side of
/// a pre-release is what lies on either side of the release's beginning.
fn beside_prerelease(
    key: &MarkerValueVersion,
    specifier: &VersionSpecifier,
) -> Result<MarkerTree, String> {
    let release = Version::new(specifier.version().release());
    Ok(match specifier.operator() {
        Operator::LessThan | Operator::LessThanEqual => {
            version_tree(key, VersionSpecifier::less_than_version(release))
        }
        Operator::GreaterThan | Operator::GreaterThanEqual => {
            version_tree(key, VersionSpecifier::greater_than_equal_version(release))
        }
        Operator::Equal | Operator::ExactEqual => MarkerTree::FALSE,
        Operator::NotEqual => MarkerTree::TRUE,
        _ => return Err("a pre-release is not compared with ~=".to_owned()),
    })
}

fn version_tree(key: &MarkerValueVersion, specifier: VersionSpecifier) -> MarkerTree {
    MarkerTree::expression(MarkerExpression::Version {
        key: key.clone(),
        specifier,
    })
}
