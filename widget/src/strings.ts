/** Every word the visitor can see or hear from the widget itself. Warm, plain, short; the assistant's words come from the server. */

const count = new Intl.NumberFormat("en-US");

export const strings = {
  launcher: "Questions? Ask here",
  heading: "Admissions chat",
  automated: "Automated assistant",

  help: {
    label: "Help right now",
    danger: "In danger?",
    dangerCall: "Call 911",
    crisis: "In crisis?",
    crisisCall: "Call or text 988",
    admissions: "Admissions",
  },

  header: {
    exit: "Quick exit",
    exitHint: "Leaves this page at once and clears the chat. Pressing Escape three times does the same.",
    clear: "Clear this chat",
    close: "Close chat",
  },

  confirmClear: {
    question:
      "Clear this chat? Everything said here will be deleted, and what has not reached admissions yet is not sent.",
    yes: "Yes, clear it",
    no: "Keep it",
  },

  transcript: {
    label: "Conversation",
    connecting: "Connecting…",
    typing: "The assistant is writing",
    you: "You said:",
    assistant: "Assistant said:",
    staff: "Admissions team said:",
    staffName: "Admissions team",
    choices: "Choose one, or write your own answer",
    source: (source: string) => `Source: ${source}`,
    sending: "Sending…",
    notDelivered: "Not delivered",
    retry: "Retry",
  },

  emergency: {
    heading: "Help right now",
    call911: "Call 911",
    call988: "Call 988",
    text988: "Text 988",
    callAdmissions: (phone: string) => `Admissions: ${phone}`,
  },
  receipt: { heading: "Your request" },

  offline: {
    heading: "We can’t reach the chat just now",
    text:
      "That is on our side or the connection’s, not yours. You can still reach a person:\n\n" +
      "- If someone is in danger, call 911.\n" +
      "- In a crisis, call or text 988, any time, day or night. Press 2 for Spanish.",
    again: "Try again",
  },

  failure: {
    unreachable: "That message didn’t get through. You can retry, or use one of these:",
    unauthorised: "That message didn’t get through. You can retry, or use one of these:",
    busy: "A lot is coming in right now. Please wait a moment, then retry. Help is also here:",
    too_long: "That message is too long to send in one piece. A shorter one will work. Help is also here:",
    refused: "That one didn’t go through. Please try it in other words. Help is also here:",
  },

  notice: {
    restarted: "The earlier chat had ended, so this is a new one.",
    lostChoice: (title: string) => `Your choice “${title}” was not kept. You can pick up again below.`,
    cleared: "The chat was cleared.",
    clearedHereOnly:
      "The chat was cleared on this device. We couldn’t reach the server to delete it there as well.",
    away: "The admissions team is away right now. You can still ask here, any time.",
    awayUntil: (when: string) =>
      `The admissions team is away until ${when}, your time. You can still ask here, any time.`,
  },

  composer: {
    label: "Write a message",
    placeholder: "Write a message…",
    send: "Send",
    left: (characters: number) => `${count.format(characters)} characters left`,
    over: (characters: number) =>
      `${count.format(characters)} over what we can answer well. A shorter message works better.`,
  },

  announce: {
    choices: (titles: string) => `Choices: ${titles}.`,
    failed: "Message not delivered.",
  },
} as const;
