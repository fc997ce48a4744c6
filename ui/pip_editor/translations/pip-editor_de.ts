<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>pip-editor</name>
    <message>
      <source> s</source>
      <translation> s</translation>
    </message>
    <message>
      <source>&amp;About pip-editor</source>
      <translation>&amp;Über pip-editor</translation>
    </message>
    <message>
      <source>&amp;Apply to other photos …</source>
      <translation>Auf andere Fotos &amp;anwenden …</translation>
    </message>
    <message>
      <source>&amp;Batch …</source>
      <translation>S&amp;tapel …</translation>
    </message>
    <message>
      <source>&amp;Close photo</source>
      <translation>Foto s&amp;chließen</translation>
    </message>
    <message>
      <source>&amp;Compare</source>
      <translation>&amp;Vergleichen</translation>
    </message>
    <message>
      <source>&amp;Copy settings</source>
      <translation>Einstellungen ko&amp;pieren</translation>
    </message>
    <message>
      <source>&amp;Difference × 8</source>
      <translation>&amp;Differenz × 8</translation>
    </message>
    <message>
      <source>&amp;Duplicate</source>
      <translation>&amp;Duplizieren</translation>
    </message>
    <message>
      <source>&amp;Edit</source>
      <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
      <source>&amp;Export …</source>
      <translation>&amp;Exportieren …</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;Datei</translation>
    </message>
    <message>
      <source>&amp;Fit</source>
      <translation>&amp;Einpassen</translation>
    </message>
    <message>
      <source>&amp;From a mask picture …</source>
      <translation>Aus einem &amp;Maskenbild …</translation>
    </message>
    <message>
      <source>&amp;Grow …</source>
      <translation>&amp;Wachsen …</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>&amp;Hilfe</translation>
    </message>
    <message>
      <source>&amp;Histogram</source>
      <translation>&amp;Histogramm</translation>
    </message>
    <message>
      <source>&amp;Invert</source>
      <translation>&amp;Umkehren</translation>
    </message>
    <message>
      <source>&amp;Keys …</source>
      <translation>&amp;Tasten …</translation>
    </message>
    <message>
      <source>&amp;Load recipe …</source>
      <translation>Rezept &amp;laden …</translation>
    </message>
    <message>
      <source>&amp;Log …</source>
      <translation>&amp;Protokoll …</translation>
    </message>
    <message>
      <source>&amp;Models …</source>
      <translation>&amp;Modelle …</translation>
    </message>
    <message>
      <source>&amp;Next photo</source>
      <translation>&amp;Nächstes Foto</translation>
    </message>
    <message>
      <source>&amp;Next way to show regions</source>
      <translation>&amp;Nächste Darstellung der Bereiche</translation>
    </message>
    <message>
      <source>&amp;Open …</source>
      <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
      <source>&amp;Paste as a photo</source>
      <translation>Als Foto e&amp;infügen</translation>
    </message>
    <message>
      <source>&amp;Paste settings</source>
      <translation>Einstellungen ein&amp;fügen</translation>
    </message>
    <message>
      <source>&amp;Preferences …</source>
      <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
      <source>&amp;Preview</source>
      <translation>&amp;Vorschau</translation>
    </message>
    <message>
      <source>&amp;Quit</source>
      <translation>&amp;Beenden</translation>
    </message>
    <message>
      <source>&amp;Region</source>
      <translation>Bere&amp;ich</translation>
    </message>
    <message>
      <source>&amp;Remove</source>
      <translation>&amp;Entfernen</translation>
    </message>
    <message>
      <source>&amp;Save mask as …</source>
      <translation>Maske &amp;speichern unter …</translation>
    </message>
    <message>
      <source>&amp;Save project</source>
      <translation>Projekt &amp;speichern</translation>
    </message>
    <message>
      <source>&amp;Side by side</source>
      <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
      <source>&amp;Suggest</source>
      <translation>Vor&amp;schlagen</translation>
    </message>
    <message>
      <source>&amp;Take the last photo's settings</source>
      <translation>Einstellungen des letzten &amp;Fotos übernehmen</translation>
    </message>
    <message>
      <source>&amp;Tools</source>
      <translation>&amp;Werkzeuge</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;Ansicht</translation>
    </message>
    <message>
      <source>&amp;What's this?</source>
      <translation>&amp;Was ist das?</translation>
    </message>
    <message>
      <source>16 bits a channel</source>
      <translation>16 Bit je Kanal</translation>
    </message>
    <message>
      <source>8 bits a channel</source>
      <translation>8 Bit je Kanal</translation>
    </message>
    <message>
      <source>A batch is still running. Interrupt it? The next start goes on with it.</source>
      <translation>Ein Stapel läuft noch. Unterbrechen? Der nächste Start macht damit weiter.</translation>
    </message>
    <message>
      <source>A click with Shift paints a straight line from where the last stroke ended.</source>
      <translation>Ein Klick mit Umschalt malt eine gerade Linie vom Ende des letzten Strichs aus.</translation>
    </message>
    <message>
      <source>A colour over each region</source>
      <translation>Eine Farbe über jedem Bereich</translation>
    </message>
    <message>
      <source>A file of that name is there.</source>
      <translation>Eine Datei dieses Namens ist schon da.</translation>
    </message>
    <message>
      <source>A layer of {host}. Restore what you like, then return it with {keys}.</source>
      <translation>Eine Ebene aus {host}. Restaurieren Sie, was Sie möchten, und geben Sie sie dann mit {keys} zurück.</translation>
    </message>
    <message>
      <source>A line along each edge; the active one marches</source>
      <translation>Eine Linie an jedem Rand; die aktive läuft</translation>
    </message>
    <message>
      <source>A model of pip-editor, or a checkpoint of the authors' PIP-Restormer</source>
      <translation>Ein Modell von pip-editor oder ein Checkpoint des PIP-Restormer der Autoren</translation>
    </message>
    <message>
      <source>A new region: full where the picture is white, empty where black</source>
      <translation>Ein neuer Bereich: voll, wo das Bild weiß ist, leer, wo es schwarz ist</translation>
    </message>
    <message>
      <source>A new, empty region on top</source>
      <translation>Ein neuer, leerer Bereich obenauf</translation>
    </message>
    <message>
      <source>A photo itself is never replaced</source>
      <translation>Ein Foto selbst wird nie ersetzt</translation>
    </message>
    <message>
      <source>A photo pixel on a screen pixel</source>
      <translation>Ein Pixel des Fotos auf ein Pixel des Bildschirms</translation>
    </message>
    <message>
      <source>A region where the sensor finds this damage, which removes as much of it as the sensor is sure of</source>
      <translation>Ein Bereich, wo der Sensor diesen Schaden findet, der so viel davon entfernt, wie der Sensor sicher ist</translation>
    </message>
    <message>
      <source>About pip-editor</source>
      <translation>Über pip-editor</translation>
    </message>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>Actions and their keys</source>
      <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
      <source>Active region as &amp;mask</source>
      <translation>Aktiver Bereich als &amp;Maske</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Add &amp;region</source>
      <translation>Bereich &amp;hinzufügen</translation>
    </message>
    <message>
      <source>Add a folder</source>
      <translation>Ordner hinzufügen</translation>
    </message>
    <message>
      <source>Add a folder …</source>
      <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
      <source>Add a number</source>
      <translation>Eine Nummer anhängen</translation>
    </message>
    <message>
      <source>Add photos</source>
      <translation>Fotos hinzufügen</translation>
    </message>
    <message>
      <source>Add photos or a folder first.</source>
      <translation>Fügen Sie zuerst Fotos oder einen Ordner hinzu.</translation>
    </message>
    <message>
      <source>Add photos …</source>
      <translation>Fotos hinzufügen …</translation>
    </message>
    <message>
      <source>Add region</source>
      <translation>Bereich hinzufügen</translation>
    </message>
    <message>
      <source>Add {name}</source>
      <translation>{name} hinzufügen</translation>
    </message>
    <message>
      <source>All files ({patterns})</source>
      <translation>Alle Dateien ({patterns})</translation>
    </message>
    <message>
      <source>All keys as they are after installation</source>
      <translation>Alle Tasten wie nach der Installation</translation>
    </message>
    <message>
      <source>All of the photo</source>
      <translation>Das ganze Foto</translation>
    </message>
    <message>
      <source>All of these photos are done; add others.</source>
      <translation>Alle diese Fotos sind fertig; fügen Sie andere hinzu.</translation>
    </message>
    <message>
      <source>All panels where they were at first, and as wide</source>
      <translation>Alle Bedienfelder an ihren ersten Platz, so breit wie anfangs</translation>
    </message>
    <message>
      <source>All steps, the latest at the bottom; choose one to go back or forth to it.</source>
      <translation>Alle Schritte, der letzte unten; einen wählen, um dorthin zurück oder vor zu gehen.</translation>
    </message>
    <message>
      <source>All steps; choose one to go back to it</source>
      <translation>Alle Schritte; einen wählen, um dorthin zurückzugehen</translation>
    </message>
    <message>
      <source>An export is still running. Stop it? Nothing half-written is left.</source>
      <translation>Ein Export läuft noch. Abbrechen? Es bleibt nichts halb Geschriebenes zurück.</translation>
    </message>
    <message>
      <source>Answer</source>
      <translation>Antworten</translation>
    </message>
    <message>
      <source>Apple graphics</source>
      <translation>Apple-Grafik</translation>
    </message>
    <message>
      <source>Architecture</source>
      <translation>Architektur</translation>
    </message>
    <message>
      <source>As fits the device</source>
      <translation>Wie es zum Gerät passt</translation>
    </message>
    <message>
      <source>As the photo</source>
      <translation>Wie das Foto</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>As the system says</source>
      <translation>Wie das System sagt</translation>
    </message>
    <message>
      <source>Asking the service</source>
      <translation>Frage an den Dienst</translation>
    </message>
    <message>
      <source>Asking the service …</source>
      <translation>Der Dienst wird gefragt …</translation>
    </message>
    <message>
      <source>Batch</source>
      <translation>Stapel</translation>
    </message>
    <message>
      <source>Batch of all</source>
      <translation>Stapel mit allen</translation>
    </message>
    <message>
      <source>Batch: {words}</source>
      <translation>Stapel: {words}</translation>
    </message>
    <message>
      <source>Best quality, four times as long</source>
      <translation>Beste Qualität, viermal so lange</translation>
    </message>
    <message>
      <source>Blended, being confirmed</source>
      <translation>Überblendet, wird bestätigt</translation>
    </message>
    <message>
      <source>Blocks and ringing of strong compression.</source>
      <translation>Blöcke und Säume starker Kompression.</translation>
    </message>
    <message>
      <source>Blue</source>
      <translation>Blau</translation>
    </message>
    <message>
      <source>Blur</source>
      <translation>Unschärfe</translation>
    </message>
    <message>
      <source>Browse</source>
      <translation>Durchsuchen</translation>
    </message>
    <message>
      <source>Browse …</source>
      <translation>Durchsuchen …</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>Brush stroke</source>
      <translation>Pinselstrich</translation>
    </message>
    <message>
      <source>By how much each pixel was changed, dark blue to yellow</source>
      <translation>Wie stark jedes Pixel verändert wurde, von Dunkelblau bis Gelb</translation>
    </message>
    <message>
      <source>C&amp;lear</source>
      <translation>&amp;Leeren</translation>
    </message>
    <message>
      <source>C&amp;lipping</source>
      <translation>&amp;Beschnitt</translation>
    </message>
    <message>
      <source>Camera shake in too little light.</source>
      <translation>Verwackelt bei zu wenig Licht.</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Abbrechen</translation>
    </message>
    <message>
      <source>Changed by, steps of 255</source>
      <translation>Verändert um, Stufen von 255</translation>
    </message>
    <message>
      <source>Choose a folder for the results.</source>
      <translation>Wählen Sie einen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
      <source>Choose a preset …</source>
      <translation>Vorgabe wählen …</translation>
    </message>
    <message>
      <source>Choose another name or folder.</source>
      <translation>Wählen Sie einen anderen Namen oder Ordner.</translation>
    </message>
    <message>
      <source>Choose the region of the next row</source>
      <translation>Den Bereich der nächsten Zeile wählen</translation>
    </message>
    <message>
      <source>Choose the region of the row before</source>
      <translation>Den Bereich der Zeile davor wählen</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <source>Click here and press the keys</source>
      <translation>Hier klicken und die Tasten drücken</translation>
    </message>
    <message>
      <source>Click on a brightness, or drag a box from darkest to brightest: everything about as bright is selected.</source>
      <translation>Auf eine Helligkeit klicken oder einen Kasten vom Dunkelsten zum Hellsten ziehen: alles etwa so Helle wird ausgewählt.</translation>
    </message>
    <message>
      <source>Click on a colour, or drag a box over some: everything of that colour is selected, wherever it is.</source>
      <translation>Auf eine Farbe klicken oder einen Kasten über einige ziehen: alles in dieser Farbe wird ausgewählt, wo es auch ist.</translation>
    </message>
    <message>
      <source>Click on a colour: what is joined to it and differs by no more than the tolerance is selected.</source>
      <translation>Auf eine Farbe klicken: was damit zusammenhängt und höchstens um die Toleranz abweicht, wird ausgewählt.</translation>
    </message>
    <message>
      <source>Click on something to be told what it is</source>
      <translation>Auf etwas klicken, um zu erfahren, was es ist</translation>
    </message>
    <message>
      <source>Clipped pixels</source>
      <translation>Beschnittene Pixel</translation>
    </message>
    <message>
      <source>Clipped: {bright} bright, {dark} dark</source>
      <translation>Beschnitten: {bright} hell, {dark} dunkel</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Close the message</source>
      <translation>Meldung schließen</translation>
    </message>
    <message>
      <source>Colour of regions</source>
      <translation>Farbe der Bereiche</translation>
    </message>
    <message>
      <source>Colour profile of the screen</source>
      <translation>Farbprofil des Bildschirms</translation>
    </message>
    <message>
      <source>Colour profiles ({patterns})</source>
      <translation>Farbprofile ({patterns})</translation>
    </message>
    <message>
      <source>Colour range</source>
      <translation>Farbbereich</translation>
    </message>
    <message>
      <source>Colour, outline, mask, in turn</source>
      <translation>Farbe, Umriss, Maske, der Reihe nach</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <source>Comes from</source>
      <translation>Herkunft</translation>
    </message>
    <message>
      <source>Compute on</source>
      <translation>Rechnen auf</translation>
    </message>
    <message>
      <source>Convert to sRGB</source>
      <translation>In sRGB umwandeln</translation>
    </message>
    <message>
      <source>Copied: {lines} lines. Read them before you send them.</source>
      <translation>Kopiert: {lines} Zeilen. Lesen Sie sie, bevor Sie sie verschicken.</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Kopie</translation>
    </message>
    <message>
      <source>Copy for a bug report</source>
      <translation>Für einen Fehlerbericht kopieren</translation>
    </message>
    <message>
      <source>Copy what the region removes, its strength and its feather</source>
      <translation>Kopieren, was der Bereich entfernt, seine Stärke und seine weiche Kante</translation>
    </message>
    <message>
      <source>Crashes of the service</source>
      <translation>Abstürze des Dienstes</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>Darkness</source>
      <translation>Dunkelheit</translation>
    </message>
    <message>
      <source>Defaults</source>
      <translation>Vorgaben</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>Farbtiefe</translation>
    </message>
    <message>
      <source>Description</source>
      <translation>Beschreibung</translation>
    </message>
    <message>
      <source>Detail</source>
      <translation>Detail</translation>
    </message>
    <message>
      <source>Diameter in the photo; [ and ]</source>
      <translation>Durchmesser im Foto; [ und ]</translation>
    </message>
    <message>
      <source>Difference × 8</source>
      <translation>Differenz × 8</translation>
    </message>
    <message>
      <source>Disk space for results, so that strength, edges and the next export need no network again; for all programs</source>
      <translation>Plattenplatz für Ergebnisse, damit Stärke, Ränder und der nächste Export das Netz nicht noch einmal brauchen; für alle Programme</translation>
    </message>
    <message>
      <source>Drag a box around a thing, with some background inside: the thing is found and selected.</source>
      <translation>Einen Kasten um ein Ding ziehen, mit etwas Hintergrund darin: das Ding wird gefunden und ausgewählt.</translation>
    </message>
    <message>
      <source>Drag a rectangle; Shift makes it a square, Alt subtracts it.</source>
      <translation>Ein Rechteck ziehen; Umschalt macht daraus ein Quadrat, Alt zieht es ab.</translation>
    </message>
    <message>
      <source>Drag an ellipse; Shift makes it a circle, Alt subtracts it.</source>
      <translation>Eine Ellipse ziehen; Umschalt macht daraus einen Kreis, Alt zieht sie ab.</translation>
    </message>
    <message>
      <source>Drag around it, or click corners and close with a double click or Enter; Alt subtracts.</source>
      <translation>Darum herum ziehen, oder Ecken klicken und mit Doppelklick oder Eingabe schließen; Alt zieht ab.</translation>
    </message>
    <message>
      <source>Drag from the middle, where the region is full, to the rim, where it ends.</source>
      <translation>Von der Mitte ziehen, wo der Bereich voll ist, bis zum Rand, wo er endet.</translation>
    </message>
    <message>
      <source>Drag from where the region is full to where it ends; Shift keeps to eighths of a turn.</source>
      <translation>Von da ziehen, wo der Bereich voll ist, bis dahin, wo er endet; Umschalt hält sich an Achteldrehungen.</translation>
    </message>
    <message>
      <source>Drag to move the photo; the wheel zooms. Space does the same with any tool.</source>
      <translation>Ziehen verschiebt das Foto; das Rad zoomt. Die Leertaste tut dasselbe mit jedem Werkzeug.</translation>
    </message>
    <message>
      <source>Drop a file here, or</source>
      <translation>Eine Datei hierher ziehen, oder</translation>
    </message>
    <message>
      <source>Drop files and folders here</source>
      <translation>Dateien und Ordner hierher ziehen</translation>
    </message>
    <message>
      <source>Duplicate {name}</source>
      <translation>{name} duplizieren</translation>
    </message>
    <message>
      <source>Ellipse</source>
      <translation>Ellipse</translation>
    </message>
    <message>
      <source>Empty it</source>
      <translation>Leeren</translation>
    </message>
    <message>
      <source>Empty the region</source>
      <translation>Den Bereich leeren</translation>
    </message>
    <message>
      <source>Empty the result cache</source>
      <translation>Den Ergebnisspeicher leeren</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>Radieren</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>Radierer</translation>
    </message>
    <message>
      <source>Everything as it is after installation</source>
      <translation>Alles wie nach der Installation</translation>
    </message>
    <message>
      <source>Everything is looked at in four ways, mirrored, of which the mean is taken: finer above all where there is noise or rain</source>
      <translation>Alles wird auf vier Arten betrachtet, gespiegelt, und das Mittel genommen: feiner vor allem bei Rauschen oder Regen</translation>
    </message>
    <message>
      <source>Ex&amp;ports</source>
      <translation>E&amp;xporte</translation>
    </message>
    <message>
      <source>Examining this installation …</source>
      <translation>Diese Installation wird untersucht …</translation>
    </message>
    <message>
      <source>Expected error, steps of 255</source>
      <translation>Zu erwartender Fehler, Stufen von 255</translation>
    </message>
    <message>
      <source>Expected errors</source>
      <translation>Zu erwartende Fehler</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportieren</translation>
    </message>
    <message>
      <source>Export of {name}</source>
      <translation>Export von {name}</translation>
    </message>
    <message>
      <source>Exports</source>
      <translation>Exporte</translation>
    </message>
    <message>
      <source>Exports under way and those that wait; pause them, or take one out</source>
      <translation>Laufende und wartende Exporte; sie anhalten, oder einen herausnehmen</translation>
    </message>
    <message>
      <source>Feather</source>
      <translation>Weiche Kante</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Final pixels</source>
      <translation>Endgültige Pixel</translation>
    </message>
    <message>
      <source>First look</source>
      <translation>Erster Blick</translation>
    </message>
    <message>
      <source>First look, not the final pixels</source>
      <translation>Erster Blick, nicht die endgültigen Pixel</translation>
    </message>
    <message>
      <source>Foggy landscape</source>
      <translation>Neblige Landschaft</translation>
    </message>
    <message>
      <source>Folder for the results</source>
      <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
      <source>For good; what is done stays</source>
      <translation>Endgültig; was fertig ist, bleibt</translation>
    </message>
    <message>
      <source>For the preview, exports and batches from now on</source>
      <translation>Ab jetzt für Vorschau, Exporte und Stapel</translation>
    </message>
    <message>
      <source>Forget it</source>
      <translation>Verwerfen</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>From 90 on, JPEG keeps full colour resolution</source>
      <translation>Ab 90 behält JPEG die volle Farbauflösung</translation>
    </message>
    <message>
      <source>From a mask picture</source>
      <translation>Aus einem Maskenbild</translation>
    </message>
    <message>
      <source>From bottom to top; check boxes say which take part, F2 renames.</source>
      <translation>Von unten nach oben; Häkchen sagen, welche mitwirken, F2 benennt um.</translation>
    </message>
    <message>
      <source>Full &amp;screen</source>
      <translation>V&amp;ollbild</translation>
    </message>
    <message>
      <source>Gain at the edges less that in the middle, dB</source>
      <translation>Gewinn an den Rändern abzüglich dessen in der Mitte, dB</translation>
    </message>
    <message>
      <source>Give the region the settings that were copied</source>
      <translation>Dem Bereich die kopierten Einstellungen geben</translation>
    </message>
    <message>
      <source>Give up the export that is chosen; nothing half-written is left</source>
      <translation>Den gewählten Export aufgeben; nichts Halbfertiges bleibt zurück</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Gradient</source>
      <translation>Linearer Verlauf</translation>
    </message>
    <message>
      <source>Grain, lost focus and old JPEG files of an album.</source>
      <translation>Korn, verlorene Schärfe und alte JPEG-Dateien eines Albums.</translation>
    </message>
    <message>
      <source>Gray</source>
      <translation>Grau</translation>
    </message>
    <message>
      <source>Green</source>
      <translation>Grün</translation>
    </message>
    <message>
      <source>Grow</source>
      <translation>Wachsen</translation>
    </message>
    <message>
      <source>Hardness</source>
      <translation>Härte</translation>
    </message>
    <message>
      <source>Haze</source>
      <translation>Dunst</translation>
    </message>
    <message>
      <source>Haze over the far hills and the noise in it.</source>
      <translation>Dunst über den fernen Hügeln und das Rauschen darin.</translation>
    </message>
    <message>
      <source>Heat map</source>
      <translation>Wärmekarte</translation>
    </message>
    <message>
      <source>Hide &amp;all panels</source>
      <translation>&amp;Alle Bedienfelder verbergen</translation>
    </message>
    <message>
      <source>Histogram</source>
      <translation>Histogramm</translation>
    </message>
    <message>
      <source>Histor&amp;y</source>
      <translation>&amp;Verlauf</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>Hold the key to see the photo as it was</source>
      <translation>Taste halten, um das Foto zu sehen, wie es war</translation>
    </message>
    <message>
      <source>How bright the pixels are that are shown</source>
      <translation>Wie hell die gezeigten Pixel sind</translation>
    </message>
    <message>
      <source>How far &amp;off it may be</source>
      <translation>Wie weit es &amp;danebenliegen kann</translation>
    </message>
    <message>
      <source>How far it is</source>
      <translation>Wie weit es ist</translation>
    </message>
    <message>
      <source>How far off it may be</source>
      <translation>Wie weit es danebenliegen kann</translation>
    </message>
    <message>
      <source>How far off it may be: not known yet</source>
      <translation>Wie weit es danebenliegen kann: noch nicht bekannt</translation>
    </message>
    <message>
      <source>How far result and original differ, eight times as bright</source>
      <translation>Wie weit Ergebnis und Original sich unterscheiden, achtmal so hell</translation>
    </message>
    <message>
      <source>How far the photo's edge may be, px of the photo</source>
      <translation>Wie weit die Kante des Fotos entfernt sein darf, px des Fotos</translation>
    </message>
    <message>
      <source>How far, px of the photo</source>
      <translation>Wie weit, px des Fotos</translation>
    </message>
    <message>
      <source>How much</source>
      <translation>Wie viel</translation>
    </message>
    <message>
      <source>How much a stroke selects</source>
      <translation>Wie viel ein Strich auswählt</translation>
    </message>
    <message>
      <source>How much of the change is kept</source>
      <translation>Wie viel von der Änderung bleibt</translation>
    </message>
    <message>
      <source>How sharp the brush's edge is</source>
      <translation>Wie scharf der Rand des Pinsels ist</translation>
    </message>
    <message>
      <source>How softly the region's edge fades</source>
      <translation>Wie weich der Rand des Bereichs ausläuft</translation>
    </message>
    <message>
      <source>How sure the sensor is</source>
      <translation>Wie sicher der Sensor ist</translation>
    </message>
    <message>
      <source>How sure the sensor is, on the whole photo: {words}.</source>
      <translation>Wie sicher der Sensor ist, im ganzen Foto: {words}.</translation>
    </message>
    <message>
      <source>How sure the sensor is, within “{name}”: {words}.</source>
      <translation>Wie sicher der Sensor innerhalb von „{name}“ ist: {words}.</translation>
    </message>
    <message>
      <source>How unlike what is picked may be and still be selected</source>
      <translation>Wie unähnlich etwas sein darf und noch ausgewählt wird</translation>
    </message>
    <message>
      <source>If a file is there</source>
      <translation>Wenn eine Datei da ist</translation>
    </message>
    <message>
      <source>Import a model</source>
      <translation>Modell importieren</translation>
    </message>
    <message>
      <source>Import one, or use another</source>
      <translation>Eines importieren oder ein anderes verwenden</translation>
    </message>
    <message>
      <source>Import …</source>
      <translation>Importieren …</translation>
    </message>
    <message>
      <source>Importing {name} …</source>
      <translation>{name} wird importiert …</translation>
    </message>
    <message>
      <source>In place of the keys that it has</source>
      <translation>Anstelle der Tasten, die sie hat</translation>
    </message>
    <message>
      <source>In place of the six sliders of the whole photo; its strength is kept</source>
      <translation>Anstelle der sechs Regler des ganzen Fotos; dessen Stärke bleibt</translation>
    </message>
    <message>
      <source>In whose colours photos are shown; sRGB unless you know better</source>
      <translation>In dessen Farben Fotos gezeigt werden; sRGB, wenn Sie es nicht besser wissen</translation>
    </message>
    <message>
      <source>Intel graphics card</source>
      <translation>Intel-Grafikkarte</translation>
    </message>
    <message>
      <source>Interrupt the batch?</source>
      <translation>Stapel unterbrechen?</translation>
    </message>
    <message>
      <source>Intersect</source>
      <translation>Schneiden</translation>
    </message>
    <message>
      <source>Intersect by a stroke</source>
      <translation>Mit einem Strich schneiden</translation>
    </message>
    <message>
      <source>Invert</source>
      <translation>Umkehren</translation>
    </message>
    <message>
      <source>It has ended the program twice. Save it anew with another program.</source>
      <translation>Es hat das Programm zweimal beendet. Mit einem anderen Programm neu speichern.</translation>
    </message>
    <message>
      <source>It leaves clean parts alone, which is turned on in the preferences now.</source>
      <translation>Es lässt saubere Teile unverändert, was nun in den Einstellungen eingeschaltet ist.</translation>
    </message>
    <message>
      <source>It may hold {name} and {number}.</source>
      <translation>Es darf {name} und {number} enthalten.</translation>
    </message>
    <message>
      <source>It will be called {name}.</source>
      <translation>Es wird {name} heißen.</translation>
    </message>
    <message>
      <source>JPEG artefacts</source>
      <translation>JPEG-Artefakte</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Behalten</translation>
    </message>
    <message>
      <source>Keep EXIF, XMP and IPTC</source>
      <translation>EXIF, XMP und IPTC behalten</translation>
    </message>
    <message>
      <source>Keep these regions for other photos</source>
      <translation>Diese Bereiche für andere Fotos aufheben</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Larger brush</source>
      <translation>Größerer Pinsel</translation>
    </message>
    <message>
      <source>Lasso</source>
      <translation>Lasso</translation>
    </message>
    <message>
      <source>Lay &amp;over the next</source>
      <translation>Über den &amp;nächsten legen</translation>
    </message>
    <message>
      <source>Lay &amp;under the one before</source>
      <translation>Unter den &amp;vorigen legen</translation>
    </message>
    <message>
      <source>Lay a saved recipe over this photo</source>
      <translation>Ein gespeichertes Rezept über dieses Foto legen</translation>
    </message>
    <message>
      <source>Leave clean parts alone</source>
      <translation>Saubere Teile unverändert lassen</translation>
    </message>
    <message>
      <source>Left out, since this photo has another size and they are painted by hand: {names}.</source>
      <translation>Weggelassen, da dieses Foto eine andere Größe hat und sie von Hand gemalt sind: {names}.</translation>
    </message>
    <message>
      <source>Let exports wait; what is finished of one is kept for going on</source>
      <translation>Exporte warten lassen; was von einem fertig ist, bleibt für später</translation>
    </message>
    <message>
      <source>Let the sensor decide what is wrong, anew on each photo</source>
      <translation>Den Sensor entscheiden lassen, was fehlt, bei jedem Foto neu</translation>
    </message>
    <message>
      <source>Let the sensor say what is wrong with the whole photo</source>
      <translation>Den Sensor sagen lassen, was dem ganzen Foto fehlt</translation>
    </message>
    <message>
      <source>Let the sensor say what is wrong within the region</source>
      <translation>Den Sensor sagen lassen, was dem Foto innerhalb des Bereichs fehlt</translation>
    </message>
    <message>
      <source>Licence of the weights</source>
      <translation>Lizenz der Gewichte</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <source>Load another …</source>
      <translation>Ein anderes laden …</translation>
    </message>
    <message>
      <source>Load recipe</source>
      <translation>Rezept laden</translation>
    </message>
    <message>
      <source>Loading the network</source>
      <translation>Das Netz wird geladen</translation>
    </message>
    <message>
      <source>Log</source>
      <translation>Protokoll</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>Aussehen</translation>
    </message>
    <message>
      <source>Look for an action or a key</source>
      <translation>Nach einer Aktion oder Taste suchen</translation>
    </message>
    <message>
      <source>Look for it</source>
      <translation>Danach suchen</translation>
    </message>
    <message>
      <source>Look, service and safety</source>
      <translation>Aussehen, Dienst und Sicherheit</translation>
    </message>
    <message>
      <source>Looking for damage</source>
      <translation>Schäden werden gesucht</translation>
    </message>
    <message>
      <source>Lower rows lie over higher ones, the other way round than layers in GIMP and Krita</source>
      <translation>Untere Zeilen liegen über oberen, umgekehrt als Ebenen in GIMP und Krita</translation>
    </message>
    <message>
      <source>Lower rows lie over higher ones; drag them to change that.</source>
      <translation>Untere Zeilen liegen über oberen; Ziehen ändert das.</translation>
    </message>
    <message>
      <source>Magic wand</source>
      <translation>Zauberstab</translation>
    </message>
    <message>
      <source>Make a region</source>
      <translation>Zum Bereich</translation>
    </message>
    <message>
      <source>Mask picture</source>
      <translation>Maskenbild</translation>
    </message>
    <message>
      <source>Measured</source>
      <translation>Gemessen</translation>
    </message>
    <message>
      <source>Message</source>
      <translation>Meldung</translation>
    </message>
    <message>
      <source>Metadata</source>
      <translation>Metadaten</translation>
    </message>
    <message>
      <source>Mix</source>
      <translation>Mischung</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modell</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>Models ({patterns})</source>
      <translation>Modelle ({patterns})</translation>
    </message>
    <message>
      <source>Models …</source>
      <translation>Modelle …</translation>
    </message>
    <message>
      <source>Move</source>
      <translation>Verschieben</translation>
    </message>
    <message>
      <source>Move the region's edge inwards</source>
      <translation>Den Rand des Bereichs nach innen verschieben</translation>
    </message>
    <message>
      <source>Move the region's edge inwards; where the region reaches the photo's edge, it still does.</source>
      <translation>Den Rand des Bereichs nach innen verschieben; wo der Bereich den Rand des Fotos erreicht, tut er es weiterhin.</translation>
    </message>
    <message>
      <source>Move the region's edge outwards</source>
      <translation>Den Rand des Bereichs nach außen verschieben</translation>
    </message>
    <message>
      <source>Move the region's edge outwards.</source>
      <translation>Den Rand des Bereichs nach außen verschieben.</translation>
    </message>
    <message>
      <source>Move the region's edge to the nearest edge in the photo</source>
      <translation>Den Rand des Bereichs an die nächste Kante im Foto verschieben</translation>
    </message>
    <message>
      <source>Move the region's edge to the nearest edge in the photo.</source>
      <translation>Den Rand des Bereichs an die nächste Kante im Foto verschieben.</translation>
    </message>
    <message>
      <source>Move {name}</source>
      <translation>{name} verschieben</translation>
    </message>
    <message>
      <source>NVIDIA or AMD graphics card</source>
      <translation>NVIDIA- oder AMD-Grafikkarte</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Names</source>
      <translation>Namen</translation>
    </message>
    <message>
      <source>Ne&amp;xt region</source>
      <translation>N&amp;ächster Bereich</translation>
    </message>
    <message>
      <source>Networks that restore: their licences, figures, and which one to use</source>
      <translation>Netze, die restaurieren: ihre Lizenzen, Messwerte und welches verwendet wird</translation>
    </message>
    <message>
      <source>Night phone photo</source>
      <translation>Handyfoto bei Nacht</translation>
    </message>
    <message>
      <source>No heat map</source>
      <translation>Keine Wärmekarte</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>Keine Taste</translation>
    </message>
    <message>
      <source>No photo comes after {name} in its folder.</source>
      <translation>Nach {name} kommt in diesem Ordner kein Foto mehr.</translation>
    </message>
    <message>
      <source>No photo comes before {name} in its folder.</source>
      <translation>Vor {name} kommt in diesem Ordner kein Foto.</translation>
    </message>
    <message>
      <source>No region removes anything yet: move a slider, choose a preset, or ask for a suggestion.</source>
      <translation>Noch entfernt kein Bereich etwas: einen Regler bewegen, eine Vorgabe wählen oder um einen Vorschlag bitten.</translation>
    </message>
    <message>
      <source>Noise</source>
      <translation>Rauschen</translation>
    </message>
    <message>
      <source>None yet</source>
      <translation>Noch keine</translation>
    </message>
    <message>
      <source>Not restored yet</source>
      <translation>Noch nicht restauriert</translation>
    </message>
    <message>
      <source>Nothing but the photo; once more brings them back</source>
      <translation>Nur noch das Foto; noch einmal holt sie zurück</translation>
    </message>
    <message>
      <source>Nothing can be written into {name}.</source>
      <translation>In {name} kann nichts geschrieben werden.</translation>
    </message>
    <message>
      <source>Nothing is noted here.</source>
      <translation>Hier ist nichts verzeichnet.</translation>
    </message>
    <message>
      <source>Nothing was lost: there are no regions of a program that ended unexpectedly.</source>
      <translation>Nichts ging verloren: Es gibt keine Bereiche eines unerwartet beendeten Programms.</translation>
    </message>
    <message>
      <source>Nothing was set yet on a photo before this one.</source>
      <translation>Auf einem Foto vor diesem wurde noch nichts eingestellt.</translation>
    </message>
    <message>
      <source>Of JPEG and WebP</source>
      <translation>Von JPEG und WebP</translation>
    </message>
    <message>
      <source>Of PNG and TIFF</source>
      <translation>Von PNG und TIFF</translation>
    </message>
    <message>
      <source>Of the region that is worked on; others are drawn fainter</source>
      <translation>Des Bereichs, an dem gearbeitet wird; andere werden blasser gezeichnet</translation>
    </message>
    <message>
      <source>Of unsaved work, for the case that the program or the machine ends unexpectedly</source>
      <translation>Von ungespeicherter Arbeit, falls das Programm oder der Rechner unerwartet endet</translation>
    </message>
    <message>
      <source>Of {count} files, the first is opened.</source>
      <translation>Von {count} Dateien wird die erste geöffnet.</translation>
    </message>
    <message>
      <source>Old scan</source>
      <translation>Alter Scan</translation>
    </message>
    <message>
      <source>On each photo, where the sensor finds nothing of what is to be removed; at first as in the preferences</source>
      <translation>Bei jedem Foto, wo der Sensor nichts von dem findet, was entfernt werden soll; zunächst wie in den Einstellungen</translation>
    </message>
    <message>
      <source>One for each</source>
      <translation>Jedem seine eigene</translation>
    </message>
    <message>
      <source>Only what lies in the region and in the shape stays</source>
      <translation>Nur was im Bereich und in der Form liegt, bleibt</translation>
    </message>
    <message>
      <source>Opacity</source>
      <translation>Deckkraft</translation>
    </message>
    <message>
      <source>Opacity of regions</source>
      <translation>Deckkraft der Bereiche</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Open &amp;recent</source>
      <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>Open a photo</source>
      <translation>Ein Foto öffnen</translation>
    </message>
    <message>
      <source>Open a photo or a project</source>
      <translation>Ein Foto oder Projekt öffnen</translation>
    </message>
    <message>
      <source>Open a photo …</source>
      <translation>Ein Foto öffnen …</translation>
    </message>
    <message>
      <source>Open a photo, paint what is damaged, say how.</source>
      <translation>Foto öffnen, Beschädigtes anmalen, sagen, was ihm fehlt.</translation>
    </message>
    <message>
      <source>Open another …</source>
      <translation>Ein anderes öffnen …</translation>
    </message>
    <message>
      <source>Open it again</source>
      <translation>Noch einmal öffnen</translation>
    </message>
    <message>
      <source>Open the next photo of the folder</source>
      <translation>Das nächste Foto des Ordners öffnen</translation>
    </message>
    <message>
      <source>Open the photo before this one in the folder</source>
      <translation>Das Foto öffnen, das im Ordner vor diesem liegt</translation>
    </message>
    <message>
      <source>Open the picture or the file that the clipboard holds</source>
      <translation>Das Bild oder die Datei in der Zwischenablage öffnen</translation>
    </message>
    <message>
      <source>Open {label}</source>
      <translation>{label} öffnen</translation>
    </message>
    <message>
      <source>Opening {name} …</source>
      <translation>{name} wird geöffnet …</translation>
    </message>
    <message>
      <source>Orange</source>
      <translation>Orange</translation>
    </message>
    <message>
      <source>Original</source>
      <translation>Original</translation>
    </message>
    <message>
      <source>Original left, result right of a line that can be dragged</source>
      <translation>Original links, Ergebnis rechts einer Linie, die man ziehen kann</translation>
    </message>
    <message>
      <source>Original left, result right, moved and zoomed together</source>
      <translation>Original links, Ergebnis rechts, gemeinsam verschoben und gezoomt</translation>
    </message>
    <message>
      <source>Over how much more the selection fades</source>
      <translation>Über wie viel mehr die Auswahl ausläuft</translation>
    </message>
    <message>
      <source>PSNR of the damaged photos, dB</source>
      <translation>PSNR der beschädigten Fotos, dB</translation>
    </message>
    <message>
      <source>PSNR, dB</source>
      <translation>PSNR, dB</translation>
    </message>
    <message>
      <source>Paint where the region lies. [ and ] change the size, Alt erases.</source>
      <translation>Malen, wo der Bereich liegt. [ und ] ändern die Größe, Alt radiert.</translation>
    </message>
    <message>
      <source>Painted by hand, and so for this photo only: {names}.</source>
      <translation>Von Hand gemalt und darum nur für dieses Foto: {names}.</translation>
    </message>
    <message>
      <source>Painted by hand, and so for this photo only: {names}. Regions drawn with shapes and gradients are kept.</source>
      <translation>Von Hand gemalt und darum nur für dieses Foto: {names}. Mit Formen und Verläufen gezeichnete Bereiche bleiben erhalten.</translation>
    </message>
    <message>
      <source>Parts of a photo in which the sensor finds nothing of what is to be removed keep their pixels and take no time; for noise and JPEG above all</source>
      <translation>Teile eines Fotos, in denen der Sensor nichts von dem findet, was entfernt werden soll, behalten ihre Pixel und kosten keine Zeit; vor allem bei Rauschen und JPEG</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>Pause</translation>
    </message>
    <message>
      <source>Photo</source>
      <translation>Foto</translation>
    </message>
    <message>
      <source>Photo opened</source>
      <translation>Foto geöffnet</translation>
    </message>
    <message>
      <source>Photos</source>
      <translation>Fotos</translation>
    </message>
    <message>
      <source>Photos and projects ({patterns})</source>
      <translation>Fotos und Projekte ({patterns})</translation>
    </message>
    <message>
      <source>Photos are being restored</source>
      <translation>Fotos werden restauriert</translation>
    </message>
    <message>
      <source>Picture from the web</source>
      <translation>Bild aus dem Netz</translation>
    </message>
    <message>
      <source>Pictures ({patterns})</source>
      <translation>Bilder ({patterns})</translation>
    </message>
    <message>
      <source>Pixels of the photo, above it and on its left</source>
      <translation>Pixel des Fotos, darüber und links davon</translation>
    </message>
    <message>
      <source>Pre&amp;vious photo</source>
      <translation>Vo&amp;riges Foto</translation>
    </message>
    <message>
      <source>Pre&amp;vious region</source>
      <translation>Vo&amp;riger Bereich</translation>
    </message>
    <message>
      <source>Precision</source>
      <translation>Genauigkeit</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Preset</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <source>Preset: {name}</source>
      <translation>Vorgabe: {name}</translation>
    </message>
    <message>
      <source>Press the new keys</source>
      <translation>Die neuen Tasten drücken</translation>
    </message>
    <message>
      <source>Preview</source>
      <translation>Vorschau</translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>Prozessor</translation>
    </message>
    <message>
      <source>Profile …</source>
      <translation>Profil …</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>Progress of the batch</source>
      <translation>Fortschritt des Stapels</translation>
    </message>
    <message>
      <source>Projects of pip-editor ({patterns})</source>
      <translation>Projekte von pip-editor ({patterns})</translation>
    </message>
    <message>
      <source>Purple</source>
      <translation>Violett</translation>
    </message>
    <message>
      <source>Put the regions of the photo before, and what they remove, in the place of this one's</source>
      <translation>Die Bereiche des vorigen Fotos, und was sie entfernen, an die Stelle der Bereiche dieses Fotos setzen</translation>
    </message>
    <message>
      <source>Quality</source>
      <translation>Qualität</translation>
    </message>
    <message>
      <source>R&amp;ulers</source>
      <translation>&amp;Lineale</translation>
    </message>
    <message>
      <source>Radial gradient</source>
      <translation>Radialer Verlauf</translation>
    </message>
    <message>
      <source>Radius</source>
      <translation>Radius</translation>
    </message>
    <message>
      <source>Rain</source>
      <translation>Regen</translation>
    </message>
    <message>
      <source>Rain streaks and the mist between them.</source>
      <translation>Regenstreifen und der Schleier dazwischen.</translation>
    </message>
    <message>
      <source>Rainy street</source>
      <translation>Verregnete Straße</translation>
    </message>
    <message>
      <source>Re&amp;name</source>
      <translation>Um&amp;benennen</translation>
    </message>
    <message>
      <source>Re&amp;store</source>
      <translation>&amp;Restaurieren</translation>
    </message>
    <message>
      <source>Re&amp;turn to the host</source>
      <translation>An das andere &amp;Programm zurückgeben</translation>
    </message>
    <message>
      <source>Re&amp;turn to {host}</source>
      <translation>An {host} &amp;zurückgeben</translation>
    </message>
    <message>
      <source>Read again</source>
      <translation>Neu lesen</translation>
    </message>
    <message>
      <source>Reading the picture</source>
      <translation>Das Bild wird gelesen</translation>
    </message>
    <message>
      <source>Rec&amp;over …</source>
      <translation>&amp;Wiederherstellen …</translation>
    </message>
    <message>
      <source>Recent</source>
      <translation>Zuletzt</translation>
    </message>
    <message>
      <source>Recipe</source>
      <translation>Rezept</translation>
    </message>
    <message>
      <source>Recipe {name}</source>
      <translation>Rezept {name}</translation>
    </message>
    <message>
      <source>Recipe …</source>
      <translation>Rezept …</translation>
    </message>
    <message>
      <source>Recipes ({patterns})</source>
      <translation>Rezepte ({patterns})</translation>
    </message>
    <message>
      <source>Recover them</source>
      <translation>Wiederherstellen</translation>
    </message>
    <message>
      <source>Rectangle</source>
      <translation>Rechteck</translation>
    </message>
    <message>
      <source>Red</source>
      <translation>Rot</translation>
    </message>
    <message>
      <source>Red where a channel is full, blue where all are empty</source>
      <translation>Rot, wo ein Kanal voll ist, blau, wo alle leer sind</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <source>Refine &amp;edge …</source>
      <translation>&amp;Kante verfeinern …</translation>
    </message>
    <message>
      <source>Refine edge</source>
      <translation>Kante verfeinern</translation>
    </message>
    <message>
      <source>Region of a heat map</source>
      <translation>Bereich aus einer Wärmekarte</translation>
    </message>
    <message>
      <source>Region {number}</source>
      <translation>Bereich {number}</translation>
    </message>
    <message>
      <source>Regions</source>
      <translation>Bereiche</translation>
    </message>
    <message>
      <source>Regions as &amp;colour</source>
      <translation>Bereiche als &amp;Farbe</translation>
    </message>
    <message>
      <source>Regions as &amp;outline</source>
      <translation>Bereiche als &amp;Umriss</translation>
    </message>
    <message>
      <source>Regions of a program that ended unexpectedly</source>
      <translation>Bereiche eines unerwartet beendeten Programms</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Entfernen</translation>
    </message>
    <message>
      <source>Remove in “{name}”</source>
      <translation>Entfernen in „{name}“</translation>
    </message>
    <message>
      <source>Remove the region</source>
      <translation>Den Bereich entfernen</translation>
    </message>
    <message>
      <source>Remove what was kept of {name} for good?</source>
      <translation>Das von {name} Aufbewahrte endgültig entfernen?</translation>
    </message>
    <message>
      <source>Remove {damage}</source>
      <translation>Entfernt: {damage}</translation>
    </message>
    <message>
      <source>Remove {name}</source>
      <translation>{name} entfernen</translation>
    </message>
    <message>
      <source>Removes</source>
      <translation>Entfernt</translation>
    </message>
    <message>
      <source>Removes {mix}</source>
      <translation>Entfernt {mix}</translation>
    </message>
    <message>
      <source>Replace it</source>
      <translation>Ersetzen</translation>
    </message>
    <message>
      <source>Replace the file?</source>
      <translation>Datei ersetzen?</translation>
    </message>
    <message>
      <source>Rese&amp;t panels</source>
      <translation>Bedienfelder &amp;zurücksetzen</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>Reset all</source>
      <translation>Alle zurücksetzen</translation>
    </message>
    <message>
      <source>Restoration</source>
      <translation>Restaurierung</translation>
    </message>
    <message>
      <source>Restore</source>
      <translation>Restaurieren</translation>
    </message>
    <message>
      <source>Restore by</source>
      <translation>Restaurieren nach</translation>
    </message>
    <message>
      <source>Restore many photos, one after the other</source>
      <translation>Viele Fotos restaurieren, eines nach dem anderen</translation>
    </message>
    <message>
      <source>Restore other photos as this one</source>
      <translation>Andere Fotos wie dieses restaurieren</translation>
    </message>
    <message>
      <source>Restore the whole photo into a new file</source>
      <translation>Das ganze Foto in eine neue Datei restaurieren</translation>
    </message>
    <message>
      <source>Restore, and put the result above the layer it is from</source>
      <translation>Restaurieren und das Ergebnis über die Ebene legen, aus der es stammt</translation>
    </message>
    <message>
      <source>Restored</source>
      <translation>Restauriert</translation>
    </message>
    <message>
      <source>Restored as this project says, not as the preferences do: {differences}.</source>
      <translation>Restauriert wird, wie dieses Projekt es sagt, nicht wie die Einstellungen: {differences}.</translation>
    </message>
    <message>
      <source>Restoring</source>
      <translation>Restaurierung läuft</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>Ergebnis</translation>
    </message>
    <message>
      <source>Result cache</source>
      <translation>Ergebnisspeicher</translation>
    </message>
    <message>
      <source>Results lie in subfolders of the same names</source>
      <translation>Die Ergebnisse liegen in gleichnamigen Unterordnern</translation>
    </message>
    <message>
      <source>Retry</source>
      <translation>Erneut versuchen</translation>
    </message>
    <message>
      <source>Return to {host}</source>
      <translation>An {host} zurückgeben</translation>
    </message>
    <message>
      <source>Return to {host}?</source>
      <translation>An {host} zurückgeben?</translation>
    </message>
    <message>
      <source>Ruler across</source>
      <translation>Waagerechtes Lineal</translation>
    </message>
    <message>
      <source>Ruler down</source>
      <translation>Senkrechtes Lineal</translation>
    </message>
    <message>
      <source>S&amp;hrink …</source>
      <translation>S&amp;chrumpfen …</translation>
    </message>
    <message>
      <source>SSIM</source>
      <translation>SSIM</translation>
    </message>
    <message>
      <source>SSIM of the damaged photos</source>
      <translation>SSIM der beschädigten Fotos</translation>
    </message>
    <message>
      <source>Safety</source>
      <translation>Sicherheit</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>Beispiele</translation>
    </message>
    <message>
      <source>Sav&amp;ed recipes</source>
      <translation>Gespeich&amp;erte Rezepte</translation>
    </message>
    <message>
      <source>Save a copy every</source>
      <translation>Sicherungskopie alle</translation>
    </message>
    <message>
      <source>Save as &amp;recipe …</source>
      <translation>Als &amp;Rezept speichern …</translation>
    </message>
    <message>
      <source>Save as recipe</source>
      <translation>Als Rezept speichern</translation>
    </message>
    <message>
      <source>Save mask</source>
      <translation>Maske speichern</translation>
    </message>
    <message>
      <source>Save project</source>
      <translation>Projekt speichern</translation>
    </message>
    <message>
      <source>Save project &amp;as …</source>
      <translation>Projekt speichern &amp;unter …</translation>
    </message>
    <message>
      <source>Save recipe</source>
      <translation>Rezept speichern</translation>
    </message>
    <message>
      <source>Save regions and mixes; the photo stays as it is</source>
      <translation>Bereiche und Mischungen speichern; das Foto bleibt, wie es ist</translation>
    </message>
    <message>
      <source>Save under another name</source>
      <translation>Unter anderem Namen speichern</translation>
    </message>
    <message>
      <source>Save …</source>
      <translation>Speichern …</translation>
    </message>
    <message>
      <source>Saved: {name}</source>
      <translation>Gespeichert: {name}</translation>
    </message>
    <message>
      <source>Saved: {path}. It can be read again here, and by pip-editor restore --region.</source>
      <translation>Gespeichert: {path}. Sie lässt sich hier wieder einlesen, und mit pip-editor restore --region.</translation>
    </message>
    <message>
      <source>Saved: {path}. It can be used on other photos here, in a batch, and by pip-editor restore --recipe.</source>
      <translation>Gespeichert: {path}. Es lässt sich hier auf andere Fotos anwenden, in einem Stapel und mit pip-editor restore --recipe.</translation>
    </message>
    <message>
      <source>Screen</source>
      <translation>Bildschirm</translation>
    </message>
    <message>
      <source>Seam score</source>
      <translation>Nahtmaß</translation>
    </message>
    <message>
      <source>Select what the region leaves out</source>
      <translation>Auswählen, was der Bereich auslässt</translation>
    </message>
    <message>
      <source>Set the six sliders for a common kind of photo</source>
      <translation>Die sechs Regler für eine häufige Art von Foto stellen</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Settings of {name}</source>
      <translation>Einstellungen von {name}</translation>
    </message>
    <message>
      <source>Shaky hands</source>
      <translation>Zittrige Hände</translation>
    </message>
    <message>
      <source>Shape</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Zeigen</translation>
    </message>
    <message>
      <source>Show &amp;regions</source>
      <translation>&amp;Bereiche zeigen</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>Im Ordner zeigen</translation>
    </message>
    <message>
      <source>Show or hide regions; over the result they are hidden at first</source>
      <translation>Bereiche zeigen oder verbergen; über dem Ergebnis sind sie anfangs verborgen</translation>
    </message>
    <message>
      <source>Show over the photo where the sensor finds this damage</source>
      <translation>Über dem Foto zeigen, wo der Sensor diesen Schaden findet</translation>
    </message>
    <message>
      <source>Show the &amp;original while held</source>
      <translation>Das &amp;Original zeigen, solange gehalten</translation>
    </message>
    <message>
      <source>Show the batch</source>
      <translation>Den Stapel zeigen</translation>
    </message>
    <message>
      <source>Show the result, and keep it up to date; regions step aside</source>
      <translation>Das Ergebnis zeigen und auf dem neuesten Stand halten; Bereiche treten zurück</translation>
    </message>
    <message>
      <source>Shrink</source>
      <translation>Schrumpfen</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Skip the photo</source>
      <translation>Das Foto überspringen</translation>
    </message>
    <message>
      <source>Sky blue</source>
      <translation>Himmelblau</translation>
    </message>
    <message>
      <source>Smaller brush</source>
      <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
      <source>Smart select</source>
      <translation>Intelligente Auswahl</translation>
    </message>
    <message>
      <source>Softness</source>
      <translation>Weichheit</translation>
    </message>
    <message>
      <source>Something went wrong in the program itself. It goes on; unsaved work is copied.</source>
      <translation>Im Programm selbst ist etwas schiefgegangen. Es läuft weiter; ungespeicherte Arbeit wird kopiert.</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>Start</translation>
    </message>
    <message>
      <source>Starting</source>
      <translation>Es beginnt</translation>
    </message>
    <message>
      <source>Starting the restoration service</source>
      <translation>Der Restaurierungsdienst wird gestartet</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Zustand</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>Stop the export?</source>
      <translation>Export abbrechen?</translation>
    </message>
    <message>
      <source>Stop what is being done (Esc)</source>
      <translation>Abbrechen, was gerade getan wird (Esc)</translation>
    </message>
    <message>
      <source>Stopping …</source>
      <translation>Wird angehalten …</translation>
    </message>
    <message>
      <source>Strength</source>
      <translation>Stärke</translation>
    </message>
    <message>
      <source>Subtract</source>
      <translation>Abziehen</translation>
    </message>
    <message>
      <source>Suggest</source>
      <translation>Vorschlagen</translation>
    </message>
    <message>
      <source>Suggest for the re&amp;gion</source>
      <translation>Für den &amp;Bereich vorschlagen</translation>
    </message>
    <message>
      <source>Suggestion</source>
      <translation>Vorschlag</translation>
    </message>
    <message>
      <source>Switch it on</source>
      <translation>Einschalten</translation>
    </message>
    <message>
      <source>Take away from the region. [ and ] change the size.</source>
      <translation>Vom Bereich wegnehmen. [ und ] ändern die Größe.</translation>
    </message>
    <message>
      <source>Take it</source>
      <translation>Übernehmen</translation>
    </message>
    <message>
      <source>Take its keys away</source>
      <translation>Ihr die Tasten wegnehmen</translation>
    </message>
    <message>
      <source>Take out</source>
      <translation>Herausnehmen</translation>
    </message>
    <message>
      <source>Takes effect at the next start</source>
      <translation>Wirkt ab dem nächsten Start</translation>
    </message>
    <message>
      <source>The batch is done: {done} photos.</source>
      <translation>Der Stapel ist fertig: {done} Fotos.</translation>
    </message>
    <message>
      <source>The best there is</source>
      <translation>Das beste, das es gibt</translation>
    </message>
    <message>
      <source>The clipboard holds no picture and no file.</source>
      <translation>In der Zwischenablage ist kein Bild und keine Datei.</translation>
    </message>
    <message>
      <source>The colour profile {name} cannot be read.</source>
      <translation>Das Farbprofil {name} kann nicht gelesen werden.</translation>
    </message>
    <message>
      <source>The error to be expected of each part of the result, dark blue to yellow</source>
      <translation>Der Fehler, der an jeder Stelle des Ergebnisses zu erwarten ist, von Dunkelblau bis Gelb</translation>
    </message>
    <message>
      <source>The export under way, and those that wait, in their order.</source>
      <translation>Der laufende Export, und die wartenden, der Reihe nach.</translation>
    </message>
    <message>
      <source>The file says nothing of it.</source>
      <translation>Die Datei sagt nichts darüber.</translation>
    </message>
    <message>
      <source>The folder {name} cannot be shown.</source>
      <translation>Der Ordner {name} kann nicht gezeigt werden.</translation>
    </message>
    <message>
      <source>The folder {name} is not there.</source>
      <translation>Den Ordner {name} gibt es nicht.</translation>
    </message>
    <message>
      <source>The higher, the fainter an edge of the photo may be</source>
      <translation>Je höher, desto schwächer darf eine Kante des Fotos sein</translation>
    </message>
    <message>
      <source>The keys that it came with</source>
      <translation>Die Tasten, mit denen sie kam</translation>
    </message>
    <message>
      <source>The last batch was interrupted; {count} photos are left. Start goes on with them.</source>
      <translation>Der letzte Stapel wurde unterbrochen; {count} Fotos sind übrig. „Start“ macht mit ihnen weiter.</translation>
    </message>
    <message>
      <source>The log tells more.</source>
      <translation>Das Protokoll sagt mehr.</translation>
    </message>
    <message>
      <source>The model {name} of this project is not installed; the one of the preferences restores it.</source>
      <translation>Das Modell {name} dieses Projekts ist nicht installiert; es wird mit dem der Einstellungen restauriert.</translation>
    </message>
    <message>
      <source>The name must end in one of these: {suffixes}.</source>
      <translation>Der Name muss auf eines von diesen enden: {suffixes}.</translation>
    </message>
    <message>
      <source>The photo and its regions. Tools work here; the wheel zooms, Space and a drag move.</source>
      <translation>Das Foto und seine Bereiche. Hier wirken Werkzeuge; das Rad zoomt, Leertaste und Ziehen verschieben.</translation>
    </message>
    <message>
      <source>The photo as it was, beside the result; the wheel zooms both, a drag moves both.</source>
      <translation>Das Foto, wie es war, neben dem Ergebnis; das Rad zoomt beide, Ziehen verschiebt beide.</translation>
    </message>
    <message>
      <source>The photo was closed, or another one opened, meanwhile.</source>
      <translation>Inzwischen wurde das Foto geschlossen oder ein anderes geöffnet.</translation>
    </message>
    <message>
      <source>The photo {name} of this project is not where it was.</source>
      <translation>Das Foto {name} dieses Projekts ist nicht mehr, wo es war.</translation>
    </message>
    <message>
      <source>The photos that are chosen in the list</source>
      <translation>Die in der Liste gewählten Fotos</translation>
    </message>
    <message>
      <source>The program ended unexpectedly; the regions of {name} were kept.</source>
      <translation>Das Programm wurde unerwartet beendet; die Bereiche von {name} wurden aufbewahrt.</translation>
    </message>
    <message>
      <source>The recipe “{name}” has taken the place of the regions; undo brings them back.</source>
      <translation>Das Rezept „{name}“ hat die Bereiche ersetzt; Rückgängig holt sie zurück.</translation>
    </message>
    <message>
      <source>The region is empty: paint what the sensor is to look at.</source>
      <translation>Der Bereich ist leer: Malen Sie, was der Sensor ansehen soll.</translation>
    </message>
    <message>
      <source>The region is empty: there is no mask to save.</source>
      <translation>Der Bereich ist leer: es gibt keine Maske zu speichern.</translation>
    </message>
    <message>
      <source>The regions have changed since they were saved. Save them as a project?</source>
      <translation>Die Bereiche haben sich seit dem Speichern geändert. Als Projekt speichern?</translation>
    </message>
    <message>
      <source>The resolution is always kept.</source>
      <translation>Die Auflösung bleibt immer erhalten.</translation>
    </message>
    <message>
      <source>The same mask and settings once more</source>
      <translation>Dieselbe Maske und dieselben Einstellungen noch einmal</translation>
    </message>
    <message>
      <source>The sensor finds nothing of that anywhere in this photo.</source>
      <translation>Der Sensor findet davon nirgends etwas in diesem Foto.</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove in this photo.</source>
      <translation>Der Sensor findet in diesem Foto nichts zu entfernen.</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove in “{name}”.</source>
      <translation>Der Sensor findet in „{name}“ nichts zu entfernen.</translation>
    </message>
    <message>
      <source>The sensor finds nothing to remove.</source>
      <translation>Der Sensor findet nichts zu entfernen.</translation>
    </message>
    <message>
      <source>The sensor proposes for the whole photo: {mix}.</source>
      <translation>Der Sensor schlägt für das ganze Foto vor: {mix}.</translation>
    </message>
    <message>
      <source>The sensor proposes for “{name}”: {mix}.</source>
      <translation>Der Sensor schlägt für „{name}“ vor: {mix}.</translation>
    </message>
    <message>
      <source>The service</source>
      <translation>Der Dienst</translation>
    </message>
    <message>
      <source>The service sent rows out of turn.</source>
      <translation>Der Dienst hat Zeilen außer der Reihe geschickt.</translation>
    </message>
    <message>
      <source>The settings of {name} have taken the place of the regions; undo brings them back.</source>
      <translation>Die Einstellungen von {name} haben die Bereiche ersetzt; Rückgängig holt sie zurück.</translation>
    </message>
    <message>
      <source>The system's profile of {screen}</source>
      <translation>Das Profil des Systems für {screen}</translation>
    </message>
    <message>
      <source>The whole photo has no mask to take from: choose a region, or add one.</source>
      <translation>Das ganze Foto hat keine Maske, von der etwas wegzunehmen wäre: Wählen Sie einen Bereich oder fügen Sie einen hinzu.</translation>
    </message>
    <message>
      <source>The window fills the screen</source>
      <translation>Das Fenster füllt den Bildschirm</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>Erscheinungsbild</translation>
    </message>
    <message>
      <source>There is nothing for a recipe: what is painted by hand fits this photo only.</source>
      <translation>Für ein Rezept ist nichts da: von Hand Gemaltes passt nur zu diesem Foto.</translation>
    </message>
    <message>
      <source>There is nothing to restore yet: no region removes anything.</source>
      <translation>Es gibt noch nichts zu restaurieren: kein Bereich entfernt etwas.</translation>
    </message>
    <message>
      <source>There is nothing to return yet: no region removes anything.</source>
      <translation>Es gibt noch nichts zurückzugeben: Kein Bereich entfernt etwas.</translation>
    </message>
    <message>
      <source>These are told apart whatever kind of colour vision one has</source>
      <translation>Diese lassen sich bei jeder Art von Farbsehen unterscheiden</translation>
    </message>
    <message>
      <source>This model has not been taught what errors to expect.</source>
      <translation>Dieses Modell hat nicht gelernt, welche Fehler zu erwarten sind.</translation>
    </message>
    <message>
      <source>This window</source>
      <translation>Dieses Fenster</translation>
    </message>
    <message>
      <source>This window is free software under the GNU General Public License, version 3 or later.</source>
      <translation>Dieses Fenster ist freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
      <source>Tile</source>
      <translation>Kachel</translation>
    </message>
    <message>
      <source>Tolerance</source>
      <translation>Toleranz</translation>
    </message>
    <message>
      <source>Tones</source>
      <translation>Tonwerte</translation>
    </message>
    <message>
      <source>Too dark, noisy and compressed.</source>
      <translation>Zu dunkel, verrauscht und komprimiert.</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>Training</translation>
    </message>
    <message>
      <source>Try again.</source>
      <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
      <source>Try the failed ones again</source>
      <translation>Fehlgeschlagene erneut versuchen</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Unsaved regions</source>
      <translation>Ungespeicherte Bereiche</translation>
    </message>
    <message>
      <source>Unsaved work cannot be copied into {name}, and would be lost in a crash.</source>
      <translation>Ungespeicherte Arbeit kann nicht nach {name} kopiert werden und ginge bei einem Absturz verloren.</translation>
    </message>
    <message>
      <source>Update this one to open it.</source>
      <translation>Aktualisieren Sie dieses, um sie zu öffnen.</translation>
    </message>
    <message>
      <source>Use the preferences</source>
      <translation>Einstellungen verwenden</translation>
    </message>
    <message>
      <source>Use these</source>
      <translation>Diese verwenden</translation>
    </message>
    <message>
      <source>Use this one</source>
      <translation>Dieses verwenden</translation>
    </message>
    <message>
      <source>Used</source>
      <translation>Belegt</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>Visibility</source>
      <translation>Sichtbarkeit</translation>
    </message>
    <message>
      <source>Waiting for the service</source>
      <translation>Warten auf den Dienst</translation>
    </message>
    <message>
      <source>What happened, and a report to send when something is wrong</source>
      <translation>Was geschehen ist, und ein Bericht zum Verschicken, wenn etwas nicht stimmt</translation>
    </message>
    <message>
      <source>What is being done</source>
      <translation>Was gerade getan wird</translation>
    </message>
    <message>
      <source>What is done to every photo</source>
      <translation>Was mit jedem Foto geschieht</translation>
    </message>
    <message>
      <source>What is drawn belongs to the region</source>
      <translation>Was gezeichnet wird, gehört zum Bereich</translation>
    </message>
    <message>
      <source>What is drawn is taken out of the region; Alt does so for once</source>
      <translation>Was gezeichnet wird, wird vom Bereich abgezogen; Alt tut das für einmal</translation>
    </message>
    <message>
      <source>What is seen</source>
      <translation>Was zu sehen ist</translation>
    </message>
    <message>
      <source>What is wrong</source>
      <translation>Was nicht stimmt</translation>
    </message>
    <message>
      <source>What it is for, in a sentence</source>
      <translation>Wofür es ist, in einem Satz</translation>
    </message>
    <message>
      <source>What pip-editor doctor finds and the ends of the logs, without your paths and names</source>
      <translation>Was pip-editor doctor findet und die Enden der Protokolle, ohne Ihre Pfade und Namen</translation>
    </message>
    <message>
      <source>What the model's file says</source>
      <translation>Was die Datei des Modells sagt</translation>
    </message>
    <message>
      <source>What the sensor finds in each photo</source>
      <translation>Was der Sensor in jedem Foto findet</translation>
    </message>
    <message>
      <source>What the sensor found</source>
      <translation>Was der Sensor fand</translation>
    </message>
    <message>
      <source>What the service computes on; it says so when there is no such device</source>
      <translation>Worauf der Dienst rechnet; er sagt es, wenn es kein solches Gerät gibt</translation>
    </message>
    <message>
      <source>What was changed</source>
      <translation>Was verändert wurde</translation>
    </message>
    <message>
      <source>What was done</source>
      <translation>Was getan wurde</translation>
    </message>
    <message>
      <source>Where is the photo?</source>
      <translation>Wo ist das Foto?</translation>
    </message>
    <message>
      <source>Whether what is seen has the pixels of the export, or is a first look at low resolution</source>
      <translation>Ob das Sichtbare die Pixel des Exports hat oder ein erster Blick in niedriger Auflösung ist</translation>
    </message>
    <message>
      <source>Which keys do what</source>
      <translation>Welche Tasten was tun</translation>
    </message>
    <message>
      <source>Which log</source>
      <translation>Welches Protokoll</translation>
    </message>
    <message>
      <source>White where the region is full, black elsewhere</source>
      <translation>Weiß, wo der Bereich voll ist, sonst schwarz</translation>
    </message>
    <message>
      <source>Who has these keys</source>
      <translation>Wer diese Tasten hat</translation>
    </message>
    <message>
      <source>Whole photo</source>
      <translation>Ganzes Foto</translation>
    </message>
    <message>
      <source>With subfolders</source>
      <translation>Mit Unterordnern</translation>
    </message>
    <message>
      <source>Worst gain, dB</source>
      <translation>Schlechtester Gewinn, dB</translation>
    </message>
    <message>
      <source>Write the region's mask as a gray PNG, white where it is full</source>
      <translation>Die Maske des Bereichs als graues PNG schreiben, weiß, wo sie voll ist</translation>
    </message>
    <message>
      <source>Writing {name}</source>
      <translation>{name} wird geschrieben</translation>
    </message>
    <message>
      <source>Written: {path}.</source>
      <translation>Geschrieben: {path}.</translation>
    </message>
    <message>
      <source>Yellow</source>
      <translation>Gelb</translation>
    </message>
    <message>
      <source>Zoom &amp;in</source>
      <translation>Ver&amp;größern</translation>
    </message>
    <message>
      <source>Zoom &amp;out</source>
      <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
      <source>a file that was imported</source>
      <translation>eine importierte Datei</translation>
    </message>
    <message>
      <source>a second left</source>
      <translation>noch eine Sekunde</translation>
    </message>
    <message>
      <source>best quality</source>
      <translation>beste Qualität</translation>
    </message>
    <message>
      <source>bf16 needs a device that computes in it; fp32 works on every one</source>
      <translation>bf16 braucht ein Gerät, das darin rechnet; fp32 geht auf jedem</translation>
    </message>
    <message>
      <source>bf16, faster</source>
      <translation>bf16, schneller</translation>
    </message>
    <message>
      <source>blocks and ringing of JPEG compression</source>
      <translation>Blöcke und Säume der JPEG-Kompression</translation>
    </message>
    <message>
      <source>camera shake, motion and missed focus</source>
      <translation>Verwacklung, Bewegung und verfehlte Schärfe</translation>
    </message>
    <message>
      <source>clean parts left alone</source>
      <translation>saubere Teile bleiben unverändert</translation>
    </message>
    <message>
      <source>clean parts restored as well</source>
      <translation>auch saubere Teile werden restauriert</translation>
    </message>
    <message>
      <source>done</source>
      <translation>fertig</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>fehlgeschlagen</translation>
    </message>
    <message>
      <source>fp32, exact</source>
      <translation>fp32, genau</translation>
    </message>
    <message>
      <source>haze, mist and fog</source>
      <translation>Dunst, Schleier und Nebel</translation>
    </message>
    <message>
      <source>no best quality</source>
      <translation>nicht in bester Qualität</translation>
    </message>
    <message>
      <source>none</source>
      <translation>keine</translation>
    </message>
    <message>
      <source>not told</source>
      <translation>nicht angegeben</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>nichts</translation>
    </message>
    <message>
      <source>overlap</source>
      <translation>Überlappung</translation>
    </message>
    <message>
      <source>paused</source>
      <translation>angehalten</translation>
    </message>
    <message>
      <source>pip-editor {version}: restores damaged photos, region by region, with one network.</source>
      <translation>pip-editor {version}: restauriert beschädigte Fotos, Bereich für Bereich, mit einem Netz.</translation>
    </message>
    <message>
      <source>rain streaks and their veil</source>
      <translation>Regenstreifen und ihr Schleier</translation>
    </message>
    <message>
      <source>sRGB for the web, and wherever profiles are not followed; colours beyond it are cut</source>
      <translation>sRGB fürs Netz, und wo Profilen nicht gefolgt wird; Farben darüber hinaus werden gekappt</translation>
    </message>
    <message>
      <source>sensor noise and film grain</source>
      <translation>Sensorrauschen und Filmkorn</translation>
    </message>
    <message>
      <source>skipped</source>
      <translation>übersprungen</translation>
    </message>
    <message>
      <source>the model of the program</source>
      <translation>das Modell des Programms</translation>
    </message>
    <message>
      <source>the model {name}</source>
      <translation>das Modell {name}</translation>
    </message>
    <message>
      <source>the one that comes with the program</source>
      <translation>das mitgelieferte</translation>
    </message>
    <message>
      <source>the program</source>
      <translation>das Programm</translation>
    </message>
    <message>
      <source>too little light</source>
      <translation>zu wenig Licht</translation>
    </message>
    <message>
      <source>under 0.1 %</source>
      <translation>unter 0,1 %</translation>
    </message>
    <message>
      <source>under way</source>
      <translation>läuft</translation>
    </message>
    <message>
      <source>waits</source>
      <translation>wartet</translation>
    </message>
    <message>
      <source>{count} failed</source>
      <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
      <source>{count} failed: {names}.</source>
      <translation>{count} sind fehlgeschlagen: {names}.</translation>
    </message>
    <message>
      <source>{count} skipped</source>
      <translation>{count} übersprungen</translation>
    </message>
    <message>
      <source>{damage}, up to {sure} %</source>
      <translation>{damage}, bis {sure} %</translation>
    </message>
    <message>
      <source>{done} of {all} done</source>
      <translation>{done} von {all} fertig</translation>
    </message>
    <message>
      <source>{error} while the photo was opened.</source>
      <translation>{error}, während das Foto geöffnet wurde.</translation>
    </message>
    <message>
      <source>{field} of {name}</source>
      <translation>{field} von {name}</translation>
    </message>
    <message>
      <source>{format} cannot hold CMYK: convert to sRGB, or choose TIFF or JPEG.</source>
      <translation>{format} kann kein CMYK enthalten: nach sRGB umwandeln oder TIFF oder JPEG wählen.</translation>
    </message>
    <message>
      <source>{format} cannot hold transparency: choose PNG, TIFF or WebP.</source>
      <translation>{format} kann keine Transparenz enthalten: PNG, TIFF oder WebP wählen.</translation>
    </message>
    <message>
      <source>{format} holds {side} pixels a side at most: choose PNG or TIFF.</source>
      <translation>{format} fasst höchstens {side} Pixel je Seite: PNG oder TIFF wählen.</translation>
    </message>
    <message>
      <source>{host} does not wait for this layer any more. Export the result to keep it.</source>
      <translation>{host} wartet nicht mehr auf diese Ebene. Exportieren Sie das Ergebnis, um es zu behalten.</translation>
    </message>
    <message>
      <source>{host} waits for this layer. Return it as it is now?</source>
      <translation>{host} wartet auf diese Ebene. So zurückgeben, wie sie jetzt ist?</translation>
    </message>
    <message>
      <source>{keys} belongs to “{other}”, which would lose it.</source>
      <translation>{keys} gehört zu „{other}“ und würde dort fehlen.</translation>
    </message>
    <message>
      <source>{keys} is used by the photo, the lists and the dialogs, and cannot be given away.</source>
      <translation>{keys} wird von Foto, Listen und Dialogen gebraucht und kann nicht vergeben werden.</translation>
    </message>
    <message>
      <source>{label}, number</source>
      <translation>{label}, Zahl</translation>
    </message>
    <message>
      <source>{left}, {right}</source>
      <translation>{left}, {right}</translation>
    </message>
    <message>
      <source>{minutes} min left</source>
      <translation>noch {minutes} min</translation>
    </message>
    <message>
      <source>{name} (in use)</source>
      <translation>{name} (in Gebrauch)</translation>
    </message>
    <message>
      <source>{name} cannot be read: {reason}.</source>
      <translation>{name} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
      <source>{name} cannot be written: {reason}.</source>
      <translation>{name} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
      <source>{name} copy</source>
      <translation>{name} Kopie</translation>
    </message>
    <message>
      <source>{name} does not say how colours become those of the screen.</source>
      <translation>{name} sagt nicht, wie Farben zu denen des Bildschirms werden.</translation>
    </message>
    <message>
      <source>{name} has another size than the photo of this project.</source>
      <translation>{name} hat eine andere Größe als das Foto dieses Projekts.</translation>
    </message>
    <message>
      <source>{name} has been changed or moved by another program.</source>
      <translation>{name} wurde von einem anderen Programm geändert oder verschoben.</translation>
    </message>
    <message>
      <source>{name} has been changed since this project was saved.</source>
      <translation>{name} wurde seit dem Speichern dieses Projekts geändert.</translation>
    </message>
    <message>
      <source>{name} is a file.</source>
      <translation>{name} ist eine Datei.</translation>
    </message>
    <message>
      <source>{name} is damaged: {reason}</source>
      <translation>{name} ist beschädigt: {reason}</translation>
    </message>
    <message>
      <source>{name} is no colour profile of a screen.</source>
      <translation>{name} ist kein Farbprofil eines Bildschirms.</translation>
    </message>
    <message>
      <source>{name} is no project of pip-editor, or it is damaged.</source>
      <translation>{name} ist kein Projekt von pip-editor oder ist beschädigt.</translation>
    </message>
    <message>
      <source>{name} is no project of pip-editor.</source>
      <translation>{name} ist kein Projekt von pip-editor.</translation>
    </message>
    <message>
      <source>{name} is switched off: what is done to its mask is not seen.</source>
      <translation>{name} ist ausgeschaltet: Was mit seiner Maske geschieht, ist nicht zu sehen.</translation>
    </message>
    <message>
      <source>{name} is the original photo. Replace it for good?</source>
      <translation>{name} ist das Originalfoto. Endgültig ersetzen?</translation>
    </message>
    <message>
      <source>{name} is the photo itself.</source>
      <translation>{name} ist das Foto selbst.</translation>
    </message>
    <message>
      <source>{name} is the photo's name, {number} counts; the suffix comes by itself</source>
      <translation>{name} ist der Name des Fotos, {number} zählt; die Endung kommt von selbst</translation>
    </message>
    <message>
      <source>{name} is the photo, or an export writes it: no mask replaces that.</source>
      <translation>{name} ist das Foto, oder ein Export schreibt diese Datei: keine Maske ersetzt das.</translation>
    </message>
    <message>
      <source>{name} is there already. Replace it?</source>
      <translation>{name} ist schon da. Ersetzen?</translation>
    </message>
    <message>
      <source>{name} is too large for a colour profile.</source>
      <translation>{name} ist für ein Farbprofil zu groß.</translation>
    </message>
    <message>
      <source>{name} is too large for a project.</source>
      <translation>{name} ist zu groß für ein Projekt.</translation>
    </message>
    <message>
      <source>{name} selects nothing: it is black everywhere.</source>
      <translation>{name} wählt nichts aus: das Bild ist überall schwarz.</translation>
    </message>
    <message>
      <source>{name} was written by a newer pip-editor.</source>
      <translation>{name} wurde von einem neueren pip-editor geschrieben.</translation>
    </message>
    <message>
      <source>{name}: {mix}</source>
      <translation>{name}: {mix}</translation>
    </message>
    <message>
      <source>{name}: {state}</source>
      <translation>{name}: {state}</translation>
    </message>
    <message>
      <source>{number} of {count}</source>
      <translation>{number} von {count}</translation>
    </message>
    <message>
      <source>{seconds} s left</source>
      <translation>noch {seconds} s</translation>
    </message>
    <message>
      <source>{share}, {left}</source>
      <translation>{share}, {left}</translation>
    </message>
    <message>
      <source>{text}: no pixel of the region changed.</source>
      <translation>{text}: kein Pixel des Bereichs hat sich geändert.</translation>
    </message>
    <message>
      <source>{title} failed: {error}.</source>
      <translation>{title} ist fehlgeschlagen: {error}.</translation>
    </message>
    <message>
      <source>{used} MB are used</source>
      <translation>{used} MB sind belegt</translation>
    </message>
    <message>
      <source>“{pattern}” gives no name of a file.</source>
      <translation>„{pattern}“ ergibt keinen Dateinamen.</translation>
    </message>
  </context>
</TS>
