"""Common given names and surnames of Venezuela and its neighbours, from general knowledge, for a first guess.

The lists were written for this library and taken from no register. They only start the estimate: what the
lists that are read say of their own words outweighs it soon.
"""

from __future__ import annotations

from detcount.reading.letters import words_of

MALE = words_of(
    """
    jose luis carlos juan pedro jesus miguel rafael manuel antonio francisco angel alejandro daniel david
    jorge victor ramon julio cesar alberto eduardo fernando ricardo roberto andres gabriel enrique oscar
    javier mario hector raul leonardo alexander gustavo henry edgar jhon john jonathan wilmer freddy
    franklin nelson william wilfredo orlando ernesto felix simon tomas pablo diego sergio marcos martin
    nicolas samuel santiago sebastian mauricio rodolfo rodrigo ruben salvador armando arturo alfredo alfonso
    adolfo agustin alexis alvaro anibal argenis ariel asdrubal benito bernardo braulio camilo carmelo
    cristian christian clemente cristobal cruz darwin dario domingo douglas edison edwin efrain elias
    eliecer elio eloy emilio emiliano emmanuel erick esteban eugenio ezequiel fabian federico felipe fidel
    frank gerardo german gilberto giovanny giovanni gonzalo gregorio guillermo gregory harold heriberto
    hernan hugo humberto ignacio isaac isidro ismael israel ivan jaime jairo jeison jean jefferson jeremias
    jerson joaquin joel johan jonas josue julian junior kevin kelvin lenin leonel leopoldo lorenzo lucas
    marcelo marco mariano mateo matias maximo melvin moises nestor noel norberto octavio omar osvaldo
    oswaldo pascual patricio paul pastor ramiro raimundo reinaldo reynaldo rene richard robert robinson
    rogelio roger roman romulo ronald rolando rosendo rubelio saul segundo silvio teodoro tito tulio ulises
    valentin vicente virgilio vladimir wilson wilmar willian yonathan yohan yorman yordano yeison yoel
    yunior zacarias jhonny johnny jhoan jhonatan euclides evaristo ender endry ener erasmo eliezer eleazar
    ruben rigoberto ronny roney tony fabricio bladimir abel abraham adan adrian aldo amado anderson anthony
    aquiles aristides aurelio baltazar bryan brayan deivis deivi dixon duglas edinson eduar emiro enzo ezra
    fausto favio genaro gerson hernesto horacio ibrahim jackson jacinto javiel jimmy josmer keiber leandro
    leoncio levi lisandro luciano macario maikel maykel miguelangel nahum neptali obdulio olegario orangel
    osman oton rony rosalio ruperto severo tirso tobias ubaldo uriel wilber wladimir yender yerson
    """
)
FEMALE = words_of(
    """
    maria ana carmen rosa luisa juana josefa teresa isabel margarita gladys yolanda mercedes elena marta
    martha gloria beatriz adriana alejandra andrea carolina claudia daniela diana gabriela patricia paola
    natalia veronica valentina victoria vanessa yesenia yuleima yusmary yulimar yelitza yaneth yajaira
    xiomara zulay zuleima zoraida thais tania sonia silvia sandra rosario rosalba raquel ramona petra olga
    norma nancy nelly neida mirian miriam milagros mayra maritza marisol marisela maribel mariana marlene
    marielena magaly luz lucia lourdes lorena liliana lilian leticia laura karla karina keila katherine
    katiuska josefina jessica jenny jacqueline ivonne irma irene iris ingrid ines haydee hilda graciela
    gisela genesis francisca flor fatima evelyn eva esther emilia elsa elizabeth elvira eglee edith dulce
    dora dolores delia dayana consuelo cristina cecilia catalina candelaria blanca betty barbara aura aurora
    angela angelica ana amparo amelia alicia alba aida adela concepcion coromoto rocio sofia sara susana
    soledad rita rebeca paula nora noris nohemi noemi nieves minerva melissa mariela marianela marbella
    luzmila liseth lisbeth ligia juliana julia johana joselyn isabella gregoria gricelda fabiola estefania
    esperanza eugenia digna deisy daisy cruz clara celia briceida belkis belen aracelis antonia analiz
    yanira yamileth wendy viviana virginia violeta vilma trinidad tibisay teodora stefany socorro scarlet
    rosmary rosangela rosalia romina reina pilar paz nairobi oriana omaira oneida nathaly nazareth morela
    mireya mildred mileidy michelle mery marlyn marina marilyn mariangel mabel lusmila leidy lady kimberly
    juanita josmary jhoana ilse iliana hortensia honoria guadalupe grecia greisy glenda franchesca felicia
    estrella ericka dubraska dilcia dariana damaris corina cira celeste brigida bertha berta berenice astrid
    ariana anyi alexandra agustina zaida zenaida zulma yennifer jennifer yuraima yudith judith yoselin
    yohana yesica yarelis yanett wuendy yuli yoly yraida yris ysabel isbelia
    """
)
GIVEN = MALE | FEMALE

SURNAMES = words_of(
    """
    gonzalez rodriguez garcia hernandez martinez perez lopez sanchez ramirez torres diaz gomez rojas rivas
    fernandez mendoza moreno suarez castillo romero alvarez gutierrez jimenez morales marquez molina medina
    contreras guerrero blanco salazar vargas silva rivero rivera colmenares colmenarez zambrano briceno
    brizuela villegas velasquez velazquez vasquez vazquez valera urdaneta uzcategui tovar torrealba soto
    sosa sanabria salas rondon rincon quintero quintana pinto pineda pirela pernia pereira pena parra
    palencia pacheco padilla ortiz ortega oropeza ojeda ochoa nunez navas navarro nava munoz montilla
    montiel monsalve mora mejia mejias matos mata marcano mayora maldonado machado lugo lozano linares leal
    lara ledezma lares infante ibarra hurtado herrera henriquez guzman guevara guerra guillen graterol godoy
    gil galindo fuentes franco fuenmayor flores figueroa ferrer farias fajardo espinoza espinosa escobar
    escalona duran duarte dominguez delgado davila cruz cordero cordoba correa cortez cortes coronado
    chirinos chavez chacon cedeno castro castellano castellanos carrillo carrasco carrero cardenas cardozo
    camacho calderon caldera cabrera cabello bustamante brito bravo bracho bolivar bermudez benitez
    belisario becerra barrios barreto barrera barboza arteaga arrieta arias araujo aranguren aponte angulo
    andrade alvarado albornoz aguilera aguilar aguirre acosta acevedo abreu zapata zerpa yanez yepez vivas
    villalobos vilchez vielma vera velasco vega vargas valero valencia valbuena vale urbina trujillo trejo
    toro toledo tarazona subero solano solorzano serrano segovia sandoval salcedo saavedra ruiz rosales
    rosas roman reyes requena ramos quiroz quijada prieto prato prado portillo polanco pino pimentel perdomo
    peraza pedroza paz paredes palacios osorio oliveros olivares olivo ocanto noguera niño nino nieves
    narvaez mosquera morillo montoya montero montes mijares mesa merchan mendez medrano marin manrique
    manzano luque lucena lobo leon izaguirre isturiz irausquin hidalgo hernaiz gamboa gallardo galvis galvez
    freites freitez florez finol estrada escalante echeverria cuevas cuello cova corrales colina chourio
    chirino ceballos casanova carvajal carreno cardona caraballo cantillo campos caicedo bueno borges boscan
    betancourt bello bastidas barrientos ayala avila avendano avellaneda arroyo armas arellano arcia arevalo
    aparicio anzola antunez amaya alfonzo alcala agudelo gimenez cisneros useche urrieta tellez tapia
    sulbaran santana santiago santos sierra sequera rangel rosario robles rico quevedo puerta plaza pizarro
    petit paez orta ordonez olmos nieto naranjo murillo mujica moya miranda milano meza mena martin marrero
    mariño marino manzanilla maneiro malave lunar luna landaeta hoyos guedez guanipa gotopo golindano
    garrido garces gallegos freire delfin dugarte cumare crespo corona cisnero celis cazorla castaneda
    carmona carballo cuicas canelon campo bonilla bocaranda bencomo becerrit barroso barrio azuaje arocha
    amaro alarcon adrian valle iglesias caballero campins carapaica cermeno coa cohen conde cubillan
    """
)

# Given names that follow another after "de", "del", "de la", "de los".
DEVOTIONS = words_of(
    """
    carmen jesus valle angeles dios rosario lourdes fatima pilar luz paz coromoto socorro consuelo mar cielo
    guadalupe mercedes dolores nieves milagros remedios soledad rocio sagrario corazon refugio nazareth
    chiquinquira
    """
)

# Particles written together with their word, and the word.
GLUED = {
    "delvalle": "valle",
    "delcarmen": "carmen",
    "delacruz": "cruz",
    "delarosa": "rosa",
    "delatorre": "torre",
    "delosangeles": "angeles",
    "delosreyes": "reyes",
    "delosrios": "rios",
    "delossantos": "santos",
    "delahoz": "hoz",
    "delapaz": "paz",
    "delaluz": "luz",
    "delpilar": "pilar",
    "delrosario": "rosario",
    "delmar": "mar",
    "delpino": "pino",
    "delrio": "rio",
    "dejesus": "jesus",
    "deleon": "leon",
    "delacoste": "coste",
    "delafuente": "fuente",
    "delavega": "vega",
}
