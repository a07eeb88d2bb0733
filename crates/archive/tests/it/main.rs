//! The archive reader against wheels of the testkit and against CPython.

mod bad_record;
mod differential;
mod hostile;
mod sdists;
mod support;
mod well_formed;
