//! From a source tree to a wheel: what the tree says of its build, and its backend in the sandbox.
#![forbid(unsafe_code)]
