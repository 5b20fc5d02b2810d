//! `/api/calls`

mod answer;
mod busy;
mod deadlines;
mod end;
mod glare;
mod group;
mod lists;
mod missed;
mod participant;
mod participants;
mod quality;
mod relay;
mod reports;
mod restart;
mod start;
