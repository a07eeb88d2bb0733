//! The archive reader against wheels of the testkit and against CPython.

mod support;
mod well_formed;
