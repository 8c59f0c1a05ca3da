"""Names that YAML and Python share: intents, slots, the form, actions, responses. tests/contract keeps them in step."""

# The form and what it fills.
INTAKE_FORM = "intake_form"
SLOT_INTAKE = "intake"  #: admissions.core.intake.Intake as JSON
SLOT_OUTCOME = "intake_outcome"  #: admissions.core.intake.Outcome, the one slot the form requires
SLOT_REQUESTED = "requested_slot"  #: Rasa's own: which slot a form asks for
ENTITY_FACET = "facet"  #: the question of the article that was asked
SLOT_SEVERAL = "several"  #: the message asked more than one thing

# Actions of ours.
VALIDATE_INTAKE_FORM = "validate_intake_form"
ACTION_SUBMIT_HANDOFF = "action_submit_handoff"
ACTION_FALLBACK = "action_fallback"
ACTION_ASK_HOURS = "action_ask_hours"
ACTION_ASK_CONTACT = "action_ask_contact"
ACTION_REPEAT = "action_repeat"
ACTION_ANSWER_SEVERAL = "action_answer_several"

# Intents that Python looks at.
INTENT_FAQ = "faq"
INTENT_FALLBACK = "nlu_fallback"
INTENT_OUT_OF_SCOPE = "out_of_scope"

#: What opens an intake: beside questions it comes last, after their answers.
REQUESTS = frozenset(("talk_to_human", "request_callback", "start_screening"))

# Responses that Python utters.
UTTER_OUT_OF_SCOPE = "utter_out_of_scope"
UTTER_OUT_OF_SCOPE_AGAIN = "utter_out_of_scope_again"
UTTER_NOT_UNDERSTOOD = "utter_not_understood"
UTTER_DID_YOU_MEAN = "utter_did_you_mean"
UTTER_TOPICS_AND_PERSON = "utter_topics_and_person"
UTTER_TECHNICAL_PROBLEM = "utter_technical_problem"
UTTER_HOURS_OPEN = "utter_hours_open"
UTTER_HOURS_CLOSED = "utter_hours_closed"
UTTER_CONTACT = "utter_contact"
UTTER_CONTACT_NO_PHONE = "utter_contact_no_phone"
UTTER_SESSION_START = "utter_session_start"
UTTER_SENSITIVE_REMOVED = "utter_sensitive_removed"
UTTER_OTHER_LANGUAGE = "utter_other_language"
UTTER_OTHER_LANGUAGE_ES = "utter_other_language_es"
UTTER_TOO_LONG = "utter_too_long"
UTTER_NOT_SAVED = "utter_not_saved"
UTTER_NOT_SAVED_PHONE = "utter_not_saved_phone"
UTTER_CALL_BACK_OPEN = "utter_call_back_open"
UTTER_CALL_BACK_CLOSED = "utter_call_back_closed"
UTTER_PHONE = "utter_phone"
UTTER_PHONE_ES = "utter_phone_es"

#: Responses that mean "I did not understand that": two in a row are one too many.
MISSES = frozenset(
    (UTTER_NOT_UNDERSTOOD, UTTER_DID_YOU_MEAN, UTTER_OUT_OF_SCOPE, UTTER_OUT_OF_SCOPE_AGAIN, UTTER_TOPICS_AND_PERSON)
)
