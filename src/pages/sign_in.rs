//! The sign-in page: a short introduction to Parley, and the form.

use crate::components::kit::{
    brand::{Brand, BrandMark},
    sign_in_form::SignInForm,
};
use crate::words::{Word, say};
use leptos::prelude::*;

#[component]
pub fn SignInPage() -> impl IntoView {
    view! {
        <main class="welcome">
            <div class="welcome-art" aria-hidden="true">
                <BrandMark />
            </div>
            <div class="welcome-card">
                <Brand />
                <h1>{say(Word::SignInHeading)}</h1>
                <p class="welcome-lead">
                    {say(Word::SignInMeans)}
                </p>
                <SignInForm />
            </div>
        </main>
    }
}
