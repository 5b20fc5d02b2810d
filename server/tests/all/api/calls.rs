//! `/api/calls`

mod answer;
mod busy;
mod deadlines;
mod end;
mod glare;
mod lists;
mod restart;
mod start;
