//! Plain text with its web addresses made clickable.

use leptos::prelude::*;

#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Link(&'a str),
}

pub fn linked(text: &str) -> Vec<AnyView> {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Link(address) => view! {
                <a href=address.to_owned() target="_blank" rel="noopener noreferrer">
                    {address.to_owned()}
                </a>
            }
            .into_any(),
        })
        .collect()
}

/// Splits a text into plain pieces and addresses.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let (before, from) = rest.split_at(start);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        // A full stop or a bracket after an address belongs to the sentence.
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"', '\'', '>']);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Link(address));
        rest = &from[address.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Finds the next web address: at the beginning of a word, and with a host after the slashes.
fn next_link(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) =
        text.as_bytes()[from..].windows(4).position(|four| four == b"http").map(|at| from + at)
    {
        let begins_word = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let behind = text[at..].strip_prefix("https://").or_else(|| text[at..].strip_prefix("http://"));
        if begins_word && behind.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())) {
            return Some(at);
        }
        from = at + 4;
    }
    None
}
