//! A program that the policy asks about a file: what it is told, and what it may answer.
