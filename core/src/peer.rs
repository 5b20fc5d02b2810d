//! Negotiation with one remote device.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {}
