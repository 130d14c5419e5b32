"""What the person says in the measures."""

from __future__ import annotations

COMMANDS = """
next
what's next
done
okay done that
skip this one
skip it
next step please
go back
previous one
the step before
say that again
what was that
sorry i missed it
repeat that please
jump to step four
skip to the kneading
go to step two
hold on
wait a sec
give me a minute
pause
pause please
carry on
okay i'm back
i'm back
keep going
continue
that's enough
quit
stop the massage
stop
start over
from the top
other hand
switch hands
let's do the left one now
too fast
slower please
can we go quicker
faster please
i can't hear you
louder
louder please
not so loud
how long
how long do i do this for
how long does it take
what step am i on
how many are left
are we nearly done
how exactly
i don't get it
am i doing this right
why are we doing this
what does that help with
what are the steps
help
ouch
that hurts
too much pressure
yes
no
thank you
let's begin
walk me through a hand massage
what is effleurage
what can you do
""".strip().splitlines()
"""Ways to ask for what can be asked for, from the list of intents."""

QUESTIONS = """
can i use coconut oil for this
my wrist is stiff from typing all day
does hand massage help with arthritis
how often should i do this in a week
i think my finger might be broken
should i press really hard with my thumb
is it okay to do this when i am pregnant
what oil is best for dry hands
i've only got five minutes before work
my hands are sore from gardening
can it help me sleep better at night
which point is for headaches
do i need any special tools
my hand went numb after a fall yesterday
what does kneading mean again
""".strip().splitlines()
"""Whole sentences for the coach that no grammar lists."""

OTHER = """
the weather tomorrow will be cloudy with some rain in the afternoon
did you feed the cat this morning
i told him to meet us at the station at six
the prime minister spoke to reporters outside the house
can you put the kettle on love
my sister is coming over on saturday with the kids
we need more milk and a loaf of bread
the second half is about to begin and the crowd is roaring
hello yes this is karen speaking how can i help you
turn left at the traffic lights and then go straight ahead
he scored twice in the first ten minutes
have you seen my glasses anywhere
i'll call you back later when the meeting is over
the price of petrol went up again last week
where did you put the remote control
dinner will be ready in about twenty minutes
there's a parcel for you at the door
she said the doctor would ring on monday
you should watch that new series about the detective
could you close the window please it is cold in here
the dog needs to go out for a walk
what time is the train to london
and now the news from around the world
he never listens to a word i say
i bought those shoes in the sale
the team will play again next thursday evening
your order has been delivered to your neighbour
remember to take the bins out tonight
that was a lovely song wasn't it
they are building a new school down the road
mum can i have some money for the cinema
the recipe says to bake it for forty minutes
next on channel four a film about a man who lost everything
stop it you two and do your homework
hang on the phone is ringing
okay see you at the pub tonight
he went back to the shop to get a refund
wait until your father hears about this
no i don't think she likes him
the bus was late again today
""".strip().splitlines()
"""What is said in a room, on the telephone, on television."""
