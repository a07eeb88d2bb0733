//! Source trees that were asked for, where nothing is built.

use super::request::Asked;
use crate::failure::{Failure, Result};

impl Asked {
    /// For commands that build nothing: what indexes and files have is all that they look at.
    pub fn check_settled(&self) -> Result<()> {
        match self.inputs.trees.first() {
            None => Ok(()),
            Some(tree) => {
                let (from, what) = (&tree.from, &tree.direct);
                let fact =
                    format!("{from}: {what} is a source tree, which this command does not build");
                Err(Failure::usage(fact).hint("leave it out, or name a wheel or an sdist of it"))
            }
        }
    }
}
