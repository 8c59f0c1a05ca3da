"""Words no spelling correction may produce: a typing slip must not turn an unknown name into a known danger.

Drugs and medicines by their common names, and words of harm. Not here: words the article itself explains (alcohol,
detox, relapse), which no other word resembles. The safety gate reads the message as it was typed.
"""

from __future__ import annotations

_OPIOIDS = """
buprenorphine codeine fentanyl fentanyls heroin hydrocodone hydromorphone kratom loperamide methadone morphine
naloxone naltrexone narcan norco opana opiate opiates opioid opioids opium oxycodone oxycontin oxymorphone percocet
percocets roxicodone sublocade suboxone subutex tapentadol tramadol vicodin vivitrol xylazine zubsolv lortab dilaudid
nitazene
"""

_SEDATIVES = """
alprazolam ambien ativan barbiturate benzo benzos benzodiazepine benzodiazepines carisoprodol clonazepam diazepam
etizolam gabapentin klonopin librium lorazepam lunesta lyrica phenobarbital pregabalin quaaludes rohypnol soma
temazepam tianeptine valium xanax zolpidem baclofen phenibut
"""

_STIMULANTS = """
adderall amphetamine amphetamines bupropion caffeine cocaine concerta crack crank crystal dexedrine ephedrine meth
methamphetamine methamphetamines modafinil ritalin speed vyvanse khat
"""

_OTHER_DRUGS = """
acid acamprosate antabuse ayahuasca bath salts cannabis delta disulfiram ecstasy edibles ghb hash inhalants ketamine
lsd lucemyra marijuana mdma mescaline molly mushrooms nicotine pcp peyote poppers psilocybin salvia shrooms spice
steroids weed whippets zyban chantix
"""

_MEDICINES = """
abilify acetaminophen amitriptyline aripiprazole buspar buspirone celexa citalopram clonidine cymbalta depakote
duloxetine effexor escitalopram fluoxetine haldol hydroxyzine ibuprofen insulin lamictal lamotrigine latuda lexapro
lithium metformin mirtazapine olanzapine ozempic paroxetine paxil prazosin propranolol prozac quetiapine remeron
risperdal risperidone seroquel sertraline topamax trazodone tylenol venlafaxine warfarin wellbutrin zoloft zyprexa
"""

_HARM = """
abuse abused assault bleeding bullet choke choking cut cutting dead death die died dying gun hang hanging harm hurt
kill killed killing knife murder noose overdose overdosed overdoses overdosing poison raped rape seizure seizures
shakes shoot shooting stab strangle suicidal suicide tremors unalive unconscious withdrawal withdrawals
"""

HAZARD_WORDS = frozenset(" ".join((_OPIOIDS, _SEDATIVES, _STIMULANTS, _OTHER_DRUGS, _MEDICINES, _HARM)).split())
