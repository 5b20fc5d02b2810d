//! Reports of media engines about their rooms. A call handles them like the reports of a device.

use super::{load, service::handle};
use crate::{app::App, error::Answer, media::EngineReport};
use parley_core::call::Input;
use parley_protocol::{CallId, DeviceId, UserId, call::MediaState};
use tokio::sync::mpsc::UnboundedReceiver;

/// Applies reports until the engine closes its channel.
pub async fn run(app: App, mut reports: UnboundedReceiver<EngineReport>) {
    while let Some(report) = reports.recv().await {
        if let Err(error) = apply(&app, report).await {
            tracing::warn!(code = %error.code, ?report, "cannot apply a report of the media engine");
        }
    }
}

/// Applies one report. A report about a person who has left the call changes nothing.
pub async fn apply(app: &App, report: EngineReport) -> Answer<()> {
    match report {
        EngineReport::Connected { call, user, device } => {
            media(app, call, user, device, MediaState::Connected).await
        }
        EngineReport::Lost { call, user, device } => media(app, call, user, device, MediaState::Lost).await,
        EngineReport::Closed { call } => {
            let cached = load(app, call).await?;
            for seat in cached.record.present() {
                if let Some(device) = seat.device_id {
                    media(app, call, seat.user_id, device, MediaState::Lost).await?;
                }
            }
            Ok(())
        }
    }
}

async fn media(app: &App, call: CallId, user: UserId, device: DeviceId, state: MediaState) -> Answer<()> {
    handle(app, call, Input::Media { user, device, state }).await.map(|_| ())
}
