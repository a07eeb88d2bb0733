//! Start-up code: files that an interpreter runs whenever it starts.
