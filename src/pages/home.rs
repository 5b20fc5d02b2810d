//! The pane while no conversation is open: the use of Parley in three steps.

use crate::components::kit::{
    brand::BrandMark,
    icon::{Glyph, Icon},
};
use crate::words::{Word, say};
use leptos::prelude::*;

#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <section class="home" aria-labelledby="home-heading">
            <BrandMark />
            <h2 id="home-heading">{say(Word::WhoToTalkTo)}</h2>
            <ol class="home-steps">
                <Step of=Glyph::Search title=say(Word::StepFind)>
                    {say(Word::StepFindMeans)}
                </Step>
                <Step of=Glyph::Link title=say(Word::StepInvite)>
                    {say(Word::StepInviteMeans)}
                </Step>
                <Step of=Glyph::Video title=say(Word::Call)>
                    {say(Word::StepCallMeans)}
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(of: Glyph, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <li>
            <span class="home-step-icon">
                <Icon of />
            </span>
            <h3>{title}</h3>
            <p>{children()}</p>
        </li>
    }
}
