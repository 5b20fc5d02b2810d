// What the relays do: keep the live calls in memory, and pass each step on to whom it concerns.
import { randomUUID } from "node:crypto";

export const STEPS = ["call.start", "call.ring_ack", "call.accept", "call.signal", "call.leave"];

/** `tell(user, type, message)` reaches every socket of a user; what changes a call is kept before it is told. */
export function calls(tell, keep = () => {}) {
  const live = new Map();

  function change(call, status, whose, user, happened) {
    call.status = status;
    call.steps += 1;
    keep(call, whose, user, happened);
  }

  const steps = {
    "call.start"(user, { to_user }) {
      const call = { id: randomUUID(), caller: user, callee: to_user, steps: 0 };
      live.set(call.id, call);
      change(call, "initiated", [user, to_user], user, "started");
      tell(to_user, "call.incoming", { call });
      return { call };
    },
    "call.ring_ack"(user, { call_id }) {
      const call = live.get(call_id);
      if (!call || call.callee !== user) return undefined;
      change(call, "ringing", [user], user, "ringing");
      tell(call.caller, "call.ringing", { call });
      return undefined;
    },
    "call.accept"(user, { call_id }) {
      const call = live.get(call_id);
      if (!call || call.callee !== user) return {};
      change(call, "connecting", [user], user, "accepted");
      tell(call.caller, "call.accepted", { call });
      return { call };
    },
    "call.signal"(user, { call_id, signal }) {
      const call = live.get(call_id);
      if (!call || (call.caller !== user && call.callee !== user)) return undefined;
      const other = call.caller === user ? call.callee : call.caller;
      tell(other, "call.signal", { call_id, from_user: user, signal });
      return undefined;
    },
    "call.leave"(user, { call_id }) {
      const call = live.get(call_id);
      if (!call || (call.caller !== user && call.callee !== user)) return {};
      live.delete(call_id);
      change(call, "ended", [call.caller, call.callee], user, "ended");
      tell(call.caller, "call.ended", { call });
      tell(call.callee, "call.ended", { call });
      return { call };
    },
  };

  /** Does a step; returns what its sender is answered, if it is. */
  return (user, type, message) => steps[type](user, message);
}
